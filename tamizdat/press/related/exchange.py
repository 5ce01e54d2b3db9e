"""Profiles on their way from those who count words to the numpy job: numbers in files."""

from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from tamizdat.press.related.features import FACETS, OFTEN, Profile, facet, profile

PARTS = {"heads": "q", "terms": "I", "counts": "B", "sketch": "I", "marks": "I"}
HEAD = ("number", "day", "wanted", "content_hash", "terms", "sketch", "marks")
WORKER_DIED = 75  # how the process that relates ends where one of its workers was killed
BEGINNING = 2_000  # characters of a text: a news story says there what it is about


@dataclass(frozen=True, slots=True)
class Counted:
    """An article whose words have been counted.

    `content_hash` is of all that its relations depend on; `day` is an ordinal.
    """

    number: int
    day: int
    content_hash: int
    profile: Profile
    facets: tuple[int, ...]


def counted(
    number: int, day: int, language: str, said: tuple[str, str], lists: Iterable[str]
) -> Counted:
    """Count an article's words; `said` is its headline and its text, `lists` those it is in."""
    facets = tuple(sorted({facet(of) for of in lists})[:FACETS])
    headline, text = said[0], said[1][:BEGINNING]
    seen = blake2b(f"{day} {facets} {headline}\n{text}".encode(), digest_size=7)
    content_hash = int.from_bytes(seen.digest(), "big")
    return Counted(number, day, content_hash, profile(headline, text, language), facets)


def write(folder: Path, portion: int, every: Iterable[tuple[Counted, bool]]) -> None:
    """Write a portion of articles, each with whether it is to be ranked."""
    parts = {name: array(code) for name, code in PARTS.items()}
    for one, wanted in every:
        counts = one.profile.counts
        lengths = (len(counts), len(one.profile.sketch), len(one.facets))
        parts["heads"].extend((one.number, one.day, wanted, one.content_hash, *lengths))
        parts["terms"].extend(counts)
        parts["counts"].extend(_capped(counts.values()))
        parts["sketch"].extend(one.profile.sketch)
        parts["marks"].extend(one.facets)
    for name, numbers in parts.items():
        (folder / f"{portion:06}.{name}").write_bytes(numbers.tobytes())


def _capped(counts: Collection[int]) -> Collection[int]:
    return counts if max(counts) <= OFTEN else [min(count, OFTEN) for count in counts]
