"""The ways in which one person's name is written, and texts that hold it. Pure: no I/O."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

SHORTEST = 3  # letters: anything shorter stands in other words everywhere


@dataclass(frozen=True)
class Spellings:
    """A name as it is written here and there ("Ada Holm", "A. Holm", "ada-holm")."""

    every: tuple[str, ...]

    @classmethod
    def of(cls, names: Iterable[str]) -> "Spellings":
        """Return these names as spellings, the longest first; what is too short is left out."""
        told = {" ".join(name.split()) for name in names}
        kept = (name for name in told if len(name) >= SHORTEST)
        return cls(tuple(sorted(kept, key=lambda name: (-len(name), name))))

    def hold(self, text: str) -> bool:
        """Say whether a text holds the name, in capitals or not, as a word of its own."""
        return bool(self.every) and self._pattern().search(text) is not None

    def replaced(self, text: str, by: str) -> str:
        """Return a text with another name in the place of this one."""
        return self._pattern().sub(lambda _: by, text) if self.every else text

    def kept(self) -> tuple[str, ...]:
        """Return what a database holds of the spellings: JSON may keep letters as escapes.

        A revision is JSON in which an article's blocks are a string of JSON: escapes of escapes.
        """
        once = [_escaped(name) for name in self.every]
        twice = [_escaped(name) for name in once]
        return tuple(dict.fromkeys((*self.every, *once, *twice)))

    def _pattern(self) -> re.Pattern[str]:
        either = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in self.every)
        return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _escaped(text: str) -> str:
    return json.dumps(text)[1:-1]
