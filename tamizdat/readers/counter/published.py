"""What the desk tells the counter: newsletters and the wording of consent. All of it is public.

The desk writes it into one file of the newsroom's data folder; a counter on a machine of its
own gets a copy of that file. Missing or broken, it means that nothing is offered.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

NAME = "published.json"


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A newsletter as a reader of one language sees it."""

    code: str
    name: str
    about: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a reader agreed to. They are kept for ever, so that consent can be proven."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        """The hash that goes into the envelope: of exactly these words in UTF-8."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered in one language. The first wording is today's; others are on old pages."""

    newsletters: tuple[Newsletter, ...] = ()
    wordings: tuple[Wording, ...] = ()
    privacy: str = ""  # path of the privacy policy in the edition

    def wording(self, version: str) -> Wording | None:
        """Return the wording of a version, which may stand on a page printed months ago."""
        return next((each for each in self.wordings if each.version == version), None)


@dataclass(frozen=True, slots=True)
class Published:
    """All that the desk publishes to the counter, by language."""

    offers: Mapping[str, Offer] = field(default_factory=dict)

    def offer(self, language: str) -> Offer:
        """Return what is offered in a language, perhaps nothing."""
        return self.offers.get(language, Offer())


def read(data: Path) -> Published:
    """Return what was last published into this data folder."""
    try:
        raw = json.loads((data / NAME).read_text(encoding="utf-8"))
        return Published({language: _offer(each) for language, each in raw["offers"].items()})
    except (OSError, ValueError, KeyError, TypeError):
        return Published()


def write(data: Path, published: Published) -> bool:
    """Publish, whole or not at all, and return whether anything changed."""
    text = json.dumps(asdict(published), ensure_ascii=False, indent=1, sort_keys=True)
    path = data / NAME
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return True


def _offer(raw: Mapping[str, Any]) -> Offer:
    return Offer(
        newsletters=tuple(Newsletter(**each) for each in raw["newsletters"]),
        wordings=tuple(Wording(**each) for each in raw["wordings"]),
        privacy=raw["privacy"],
    )
