"""Read JSON that strangers wrote: none that is nested so deep that whoever walks it breaks."""

import json
from typing import Any

DEEPEST = 32  # levels: far more than anything of ours has


def loads(text: str | bytes) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: it is no JSON, or has more than 32 levels.
        TypeError: it is no text.
    """
    try:
        said = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    level = [said]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return said
    raise ValueError("nested too deep")


def _within(said: Any) -> list[Any]:
    if isinstance(said, dict):
        return list(said.values())
    return said if isinstance(said, list) else []
