"""What may be said of an error: its kind and where it happened, never its words.

A database, a relay or a payment service quotes in its errors the values that it was given.
"""

import re
import traceback
from collections.abc import Iterable
from pathlib import Path

OURS = f"{Path(__file__).parents[1]}/"
NOTE = "in another process: "
THEME = "theme"  # the folder of a newsroom's own templates
# Ours lie in theme/templates/.
OWN_TEMPLATE = re.compile(r"(?<![^ ])(theme/(?!templates/)[^ :]+\.html):([0-9]+)")


def kind(error: BaseException) -> str:
    """Return an error's kind, as `sqlite3.OperationalError`."""
    return f"{type(error).__module__}.{type(error).__qualname__}"


def places(error: BaseException) -> str:
    """Return the way to an error, as `letters/tasks.py:21 > django/utils.py:105`.

    It lists the lines of our own code and of templates, outermost first, and then the innermost
    line, whoever's it is.
    """
    passed = traceback.walk_tb(error.__traceback__)
    ours = way((frame.f_code.co_filename, line) for frame, line in passed)
    return " > ".join(dict.fromkeys([*filter(None, [ours]), *_noted(error)]))


def way(passed: Iterable[tuple[str, int]]) -> str:
    """Return a way through files and lines: those of ours and of templates, and the innermost."""
    found = list(passed)
    shown = [place for place in found if place[0].startswith(OURS) or place[0].endswith(".html")]
    shown += found[-1:]
    return " > ".join(dict.fromkeys(_named(*place) for place in shown))


def note_places(error: BaseException) -> None:
    """Note the way to an error in the error itself: another process is going to raise it again."""
    error.add_note(f"{NOTE}{places(error)}")


def where(error: BaseException) -> str:
    """Return kind and way in one line: `OSError at press/output/tree.py:77`."""
    passed = places(error)
    return f"{kind(error)} at {passed}" if passed else kind(error)


def _noted(error: BaseException) -> list[str]:
    notes: list[str] = getattr(error, "__notes__", [])
    return [note.removeprefix(NOTE) for note in notes if note.startswith(NOTE)]


def own_template(said: str) -> str:
    """Return the innermost of the newsroom's own templates on a way; "" where there is none.

    It reads `theme/press/article.html, line 2`. `said` is what `where` returned, or holds it.
    """
    found = OWN_TEMPLATE.findall(said)
    return "{}, line {}".format(*found[-1]) if found else ""


def _named(file: str, line: int) -> str:
    if file.startswith(OURS):
        return f"{file[len(OURS) :]}:{line}"
    parts = Path(file).parts
    if THEME in parts[:-1] and file.endswith(".html"):
        begins = len(parts) - 1 - parts[::-1].index(THEME)
        return f"{'/'.join(parts[begins:])}:{line}"
    return f"{'/'.join(parts[-2:])}:{line}"
