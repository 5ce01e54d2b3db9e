"""Text made whole: no half of a sign, as a script that cuts text in JSON may leave it.

JSON writes signs beyond the basic plane, as emojis, in two halves. One alone is a text in Python,
and nothing can write it: no file, no database column, no page.
"""

import re
from typing import Any

IN_JSON = "\\ud"  # how each half of a sign begins in JSON's plain letters
_HALF = re.compile("[\ud800-\udfff]")


def whole(value: Any) -> Any:
    """Return a text, or what JSON says, without halves: two become their sign, one alone U+FFFD."""
    if isinstance(value, str):
        return _joined(value) if _HALF.search(value) else value
    if isinstance(value, dict):
        return {whole(key): whole(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [whole(each) for each in value]
    return value


def may_hold_halves(raw: str) -> bool:
    """Say whether a text of JSON may say half a sign: a look that costs nothing."""
    return IN_JSON in raw.lower() or bool(_HALF.search(raw))


def _joined(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
