"""What the parts put into our pages, asked for once for each kind of place.

A fragment depends on its place alone: language, kind of page, section, sensitive or not. So a
hundred thousand pages share a few dozen fragments, and when a part announces a change, comparing
those few says which pages are touched. Their links are written `edition:PATH` and put in when a
fragment is placed on a page.
"""

from collections.abc import Callable, Hashable
from hashlib import sha256
from typing import get_args

from tamizdat.press import parts
from tamizdat.press.content.failures import cause, is_its_own
from tamizdat.press.pages.links import own
from tamizdat.press.parts import Part, Place, Slot

PLACE = "place:"
SLOTS: tuple[Slot, ...] = get_args(Slot)


class Fragments:
    """The fragments of one publication: planned with, printed with, and asked for once."""

    def __init__(self) -> None:
        self._made: dict[str, dict[Slot, str]] = {}
        self._shared: dict[Hashable, str] = {}
        self.failed: dict[str, str] = {}  # parts that failed ("part:letters:"), and why

    def at(self, slot: Slot, key: str) -> str:
        """Return what stands in a slot at a place, "" for nothing. `key` names the place."""
        return self._all(key)[slot]

    def know(self, key: str) -> None:
        """Make the fragments of a place, if they are not made yet: somebody uses them."""
        self._all(key)

    def fingerprint(self, key: str) -> str:
        """Return what tells one set of fragments of a place from another."""
        return sha256(repr(sorted(self._all(key).items())).encode()).hexdigest()

    @property
    def fingerprints(self) -> dict[str, str]:
        """The fingerprints of all places asked for so far, by their keys."""
        return {key: self.fingerprint(key) for key in self._made}

    def _all(self, key: str) -> dict[Slot, str]:
        if key not in self._made:
            place = self._place(key)
            self._made[key] = {slot: self._fragment(slot, place) for slot in SLOTS}
        return self._made[key]

    def _fragment(self, slot: Slot, place: Place) -> str:
        return "".join(self._of_part(part, slot, place) for part in parts.registered())

    def _of_part(self, part: Part, slot: Slot, place: Place) -> str:
        """Return a part's fragment; nothing if it fails: that must not keep a page from readers."""
        try:
            return part.fragment(slot, place)
        except Exception as error:
            if not is_its_own(error):
                raise
            self.failed[f"part:{part.name}:"] = cause(error)
            return ""

    def _place(self, key: str) -> Place:
        language, kind, section, sensitive = key.removeprefix("place:").split("/")
        return Place(language, kind, section or None, bool(sensitive), own, self._once)

    def _once(self, of: Hashable, make: Callable[[], str]) -> str:
        if of not in self._shared:
            self._shared[of] = make()
        return self._shared[of]


def place_key(language: str, kind: str, section: str | None, *, sensitive: bool) -> str:
    """Return the key that names a place and on which pages depend that show fragments there."""
    return f"place:{language}/{kind}/{section or ''}/{'sensitive' if sensitive else ''}"
