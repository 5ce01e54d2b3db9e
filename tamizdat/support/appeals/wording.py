"""The appeal as it is before an editor touches it, in each language that we know.

No text here asks a reader at risk to share, to post, or to give through somebody. None
promises what a bank or a state will do (`{name}` is the newsroom's, `{countries}` the list
of countries whose cards are refused).
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from tamizdat.lib.newsroom import LANGUAGES


@dataclass(frozen=True, slots=True)
class Wording:
    """What one language's readers are told about money."""

    strip: str
    heading: str
    paragraphs: tuple[str, ...]
    signed: str
    safe_heading: str
    safe_paragraphs: tuple[str, ...]
    declaration: str


# ISO 3166-1 leaves the codes XA to XZ to whoever uses them: this is the demonstration's country.
INVENTED = {"XL": {"en": "Ledria", "ru": "Ледрия", "uk": "Ледрія", "fa": "لدریا"}}
FOLDER = Path(__file__).parents[1] / "wordings"


@cache
def default(language: str) -> Wording:
    """Return the wording of a language before an editor touched it; English where we have none."""
    path = FOLDER / f"{language}.toml"
    if language not in LANGUAGES or not path.is_file():
        return default("en")
    return wording_of(tomllib.loads(path.read_text(encoding="utf-8")))


def wording_of(raw: Mapping[str, Any]) -> Wording:
    """Return the wording that a file or an editor's form holds. Raises KeyError for a gap."""
    return Wording(
        strip=str(raw["strip"]),
        heading=str(raw["heading"]),
        paragraphs=tuple(raw["paragraphs"]),
        signed=str(raw["signed"]),
        safe_heading=str(raw["safe_heading"]),
        safe_paragraphs=tuple(raw["safe_paragraphs"]),
        declaration=str(raw["declaration"]),
    )


def filled(wording: Wording, name: str, countries: str) -> Wording:
    """Return the wording with the newsroom's name and the countries in their places.

    An editor's text may hold braces of its own; only our two words are replaced.
    """

    def fill(text: str) -> str:
        return text.replace("{name}", name).replace("{countries}", countries)

    return Wording(
        strip=fill(wording.strip),
        heading=fill(wording.heading),
        paragraphs=tuple(map(fill, wording.paragraphs)),
        signed=fill(wording.signed),
        safe_heading=fill(wording.safe_heading),
        safe_paragraphs=tuple(map(fill, wording.safe_paragraphs)),
        declaration=fill(wording.declaration),
    )


def country_names(codes: Collection[str], language: str) -> str:
    """Return countries by name in a language, sorted as its readers would ("Belarus, Russia")."""
    names = dict(Locale.parse(language).territories)
    names.update((code, said[language]) for code, said in INVENTED.items() if language in said)
    mark = "، " if language == "fa" else ", "
    return mark.join(sorted(names.get(code.upper(), code) for code in codes))
