"""Who has carried a name away already: letters that were sent, packs that were handed out.

What left the house cannot be called back, and the desk does not know those rooms. They register
here what they can tell an editor who withdraws a name.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tamizdat.desk.published.traces import Trace


@dataclass(frozen=True, slots=True)
class Carried:
    """Something that holds the name. `day` is when it went out, None if it has not yet."""

    what: str  # "The Friday Scales (en): A bridge is closed"
    day: date | None
    state: str  # "sent", "approved"
    href: str  # at the desk


Finder = Callable[[Callable[[str], bool], tuple[Trace, ...]], Iterable[Carried]]

_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Ask this finder, too, in place of an earlier one of its name.

    It gets a test of a whole text, and traces (`traces`) one of which stands in every text that
    passes it.
    """
    _finders[name] = finder


def carried(holds: Callable[[str], bool], sought: tuple[Trace, ...]) -> list[Carried]:
    """Return all that holds a name, what waits first, then the newest."""
    found = [one for finder in _finders.values() for one in finder(holds, sought)]
    return sorted(found, key=lambda one: (one.day is not None, -(one.day or date.min).toordinal()))
