"""The labelled newswire, cut in two halves that never change: one to tune on, one to judge by."""

import html
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256

from bench.archive.wire import folder

TUNED, HELD_OUT = 0, 1
ALIKE = 0.5  # of the shingles: one story told twice
TELLING = 60  # stories that share a shingle, at most, for it to say who is alike
SHINGLE = 3  # words


@dataclass(frozen=True, slots=True)
class Labelled:
    """A story. Its labels are for the judge; a scorer gets headline, text and date."""

    number: int
    headline: str
    text: str
    published: datetime
    labels: frozenset[str]


def half(which: int, *, files: int = 22) -> list[Labelled]:
    """Return the stories of a half, oldest first, without those that nearly repeat another."""
    return [one for one in _distinct(files) if _half_of(one.number) == which]


def _half_of(number: int) -> int:
    return sha256(f"tamizdat {number}".encode()).digest()[0] & 1


def _stories(files: int) -> list[Labelled]:
    read = [
        story
        for file in sorted(folder("reuters21578").glob("*.sgm"))[:files]
        for raw in file.read_text(encoding="latin-1").split("<REUTERS ")[1:]
        if (story := _story(raw)).labels and story.text
    ]
    return sorted(read, key=lambda story: (story.published, story.number))


def _story(raw: str) -> Labelled:
    number = re.search(r'NEWID="(\d+)"', raw)
    text = re.sub(r"\s+(?:Reuter|REUTER)\s*\x03?\s*$", "", html.unescape(_between(raw, "BODY")))
    labels = re.findall(r"<D>(.*?)</D>", _between(raw, "TOPICS"))
    return Labelled(
        number=int(number[1]) if number else 0,
        headline=re.sub(r"<[^>]*>", "", html.unescape(_between(raw, "TITLE"))),
        text=text.strip(),
        published=_moment(_between(raw, "DATE")),
        labels=frozenset(labels),
    )


def _moment(said: str) -> datetime:
    """Return the date of a story; some of the file's are misprinted and say only the day."""
    found = re.search(r"(\d+)-([A-Z]{3})-(\d{4})", said)
    day = "-".join(found.groups()) if found else "1-JAN-1987"
    return datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC)


def _between(raw: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", raw, re.DOTALL)
    return found[1] if found else ""


@cache
def _distinct(files: int) -> list[Labelled]:
    """Return the stories but for what shares half its shingles, or more, with one before it."""
    kept: list[Labelled] = []
    shingles: list[frozenset[str]] = []
    having: dict[str, list[int]] = {}
    for story in _stories(files):
        mine = _shingles(f"{story.headline} {story.text}")
        near: Counter[int] = Counter()
        for shingle in mine:
            near.update(having.get(shingle, [])[:TELLING])
        if any(_jaccard(mine, shingles[at]) >= ALIKE for at, _ in near.most_common(8)):
            continue
        for shingle in mine:
            having.setdefault(shingle, []).append(len(kept))
        kept.append(story)
        shingles.append(mine)
    return kept


def _shingles(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return frozenset(
        " ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))
    )


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)
