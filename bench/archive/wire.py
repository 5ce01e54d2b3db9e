"""Stories of a newswire, in whatever language: what made-up articles are joined from."""

import html
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 90  # words of a paragraph
STEM = 6  # letters that the forms of a Russian or Persian word share
CONTROL = re.compile(r"&#\d+;|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Escaped text and how many words it has."""

    text: str
    words: int


@dataclass(frozen=True, slots=True)
class Story:
    headline: str
    place: str
    paragraphs: tuple[Paragraph, ...]
    labels: tuple[str, ...]


class MissingWireError(FileNotFoundError):
    """The newswire is not on this machine."""


def folder(name: str) -> Path:
    """Return a folder of the newswire, which is never part of the repository.

    Raises:
        MissingWireError: it is not there; the message says where it was looked for.
    """
    data = Path(os.environ.get("TAMIZDAT_TEST_DATA", ROOT / "../shared/data")).resolve()
    if not (data / "news" / name).is_dir():
        raise MissingWireError(f"{data}/news/{name} is missing; see docs/reference/testing.md")
    return data / "news" / name


def paragraphs(raw: Iterable[str]) -> tuple[Paragraph, ...]:
    """Return clean paragraphs; long ones are cut, so that a body can be filled to a measure."""
    made: list[Paragraph] = []
    for text in raw:
        words = CONTROL.sub("", text).split()
        for start in range(0, len(words), LONGEST):
            some = words[start : start + LONGEST]
            made.append(Paragraph(html.escape(" ".join(some), quote=False), len(some)))
    return tuple(made)


def common_words(texts: Sequence[str], count: int, letters: int) -> list[tuple[str, str]]:
    """Return (stem, commonest form) of telling words: in many texts, but not in most."""
    forms: dict[str, Counter[str]] = {}
    spread: Counter[str] = Counter()
    for text in texts:
        found = re.findall(rf"[^\W\d_]{{{letters},}}", text.lower())
        for word in found:
            forms.setdefault(word[:STEM], Counter())[word] += 1
        spread.update(sorted({word[:STEM] for word in found}))
    telling = [stem for stem, n in spread.most_common() if n < max(3, len(texts) // 5)]
    return [(stem, forms[stem].most_common(1)[0][0]) for stem in telling[:count]]


def labelled(text: str, stems: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the names of those words that a text uses."""
    lowered = text.lower()
    return tuple(form.capitalize() for stem, form in stems if f" {stem}" in lowered)
