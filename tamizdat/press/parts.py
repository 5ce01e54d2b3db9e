"""The slot: what other rooms add to the edition without the press knowing them.

A sign-up form, an appeal, the page of a sent issue are *parts*. A part is registered once,
when its app starts. It makes fragments, which stand inside our pages, and pages of its own.
The press asks; a part never writes to the edition itself.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Slot = Literal["strip", "newsletter", "appeal", "front"]


def _each_time(_of: Hashable, make: Callable[[], str]) -> str:
    return make()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fragment is going to stand.

    `link` turns a path of the edition ("en/privacy.html") into a link from this very page;
    it is how the press learns what the page depends on, so use it for every own link.
    `once(of, make)` makes a fragment that is the same at many places only once in an edition;
    `of` names all that it depends on, the part's own name among it.
    """

    language: str
    kind: str  # "front", "article", "section", "plain", "letter", …
    section: str | None  # its slug, if the page belongs to one
    sensitive: bool
    link: Callable[[str], str] = field(compare=False, hash=False)
    once: Callable[[Hashable, Callable[[], str]], str] = field(
        default=_each_time, compare=False, hash=False
    )


@dataclass(frozen=True, slots=True)
class PartPage:
    """A page of the edition that a part makes: a template of the theme and what it shows."""

    path: str
    language: str
    title: str
    template: str
    context: Mapping[str, Any]


class Part(Protocol):
    """What a part can do. Both methods read only what is public."""

    name: str

    def fragment(self, slot: Slot, place: Place) -> str:
        """Return clean HTML for this slot at this place, "" for nothing."""

    def pages(self) -> Iterable[PartPage]:
        """Return the pages that this part adds to the edition now."""


_parts: dict[str, Part] = {}
_listeners: list[Callable[[str], None]] = []


def register(part: Part) -> None:
    """Add a part, in place of an earlier one of the same name."""
    _parts[part.name] = part


def registered() -> tuple[Part, ...]:
    """Return all parts, in the order in which they were registered."""
    return tuple(_parts.values())


def announce(name: str) -> None:
    """Say that a part's fragments or pages changed, so that the press prints them again.

    Call it inside the transaction that changed them. Raises KeyError for an unknown part:
    a change that nobody hears would leave the edition stale for ever.
    """
    part = _parts[name]
    for listener in _listeners:
        listener(part.name)


def listen(listener: Callable[[str], None]) -> None:
    """Be told the name of each part that changed. The press does this once, at its start."""
    if listener not in _listeners:
        _listeners.append(listener)
