"""A shard made from the one that readers have and the few articles that changed in it.

To make it from its articles, hundreds of texts are read and counted again, which takes longer than
all else that a correction costs. The files hold every word's articles; so those that went are taken
out of them, those that stay move up, and only the texts that changed are read. The files are the
same, to the byte, that `index.files` makes of all articles: what is left out here is work.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from tamizdat.press.search.index import DIGITS, LEVELS, SIGNS, Entry, bound, levels, names

GONE = -1  # the place of an article that went
_NUMBER = re.compile("[^0-9A-V]*[0-9A-V]")  # a sign below 32 is a number's last
_DIGITS = {sign: value for value, sign in enumerate(DIGITS)}


@dataclass(frozen=True, slots=True)
class Amendable:
    """Shards ("en:7") in which nothing changed but these articles, and who came and went."""

    shards: frozenset[str] = frozenset()
    articles: frozenset[int] = frozenset()


def amended(
    files: Mapping[str, bytes], ways: Sequence[str], fresh: Mapping[str, Entry], language: str
) -> dict[str, bytes] | None:
    """Return a shard's files by name; None if it cannot be made so, and must be from all articles.

    That is when files are missing, or articles that did not change changed places.

    Args:
        files: By name, as readers have them.
        ways: To all articles, oldest first: what their cards begin with.
        fresh: The articles that came or changed, by the way; files hold what the others say.
        language: Of all of them.
    """
    before = list(_cards(files))
    stood = {card[0]: place for place, card in enumerate(before)}
    stays = {stood.get(way, GONE): at for at, way in enumerate(ways) if way not in fresh}
    if not before or sorted(files) != sorted(names(len(before))):
        return None
    if GONE in stays or list(stays) != sorted(stays):
        return None
    postings = _moved(dict(_postings(files)), [stays.get(old, GONE) for old in range(len(before))])
    for place, way in enumerate(ways):
        if way in fresh:
            _enter(postings, place, levels(fresh[way], language))
    cards = [fresh[way].card if way in fresh else before[stood[way]] for way in ways]
    return bound(postings, cards)


def ways(files: Mapping[str, bytes]) -> set[str]:
    """Return the ways to all articles of a shard's files."""
    return {card[0] for card in _cards(files)}


def _cards(files: Mapping[str, bytes]) -> Iterator[Sequence[str]]:
    for number in range(len(files)):
        if raw := files.get(f"cards-{number}.json"):
            yield from json.loads(raw)


def _postings(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield every word with where it stands."""
    for name, raw in files.items():
        if name.startswith("words-"):
            word = ""
            for line in raw.decode().split("\n") if raw else ():
                rest, _, said = line.partition(" ")
                word = word[: _DIGITS[rest[0]]] + rest[1:]
                yield word, said


def _moved(postings: dict[str, str], goes: Sequence[int]) -> dict[str, str]:
    """Return where words stand once each article stands where it goes."""
    steps = [new - place if new != GONE else None for place, new in enumerate(goes)]
    first = next((place for place, step in enumerate(steps) if step != 0), None)
    if first is None:
        return postings
    settled = next((p for p in range(len(steps), 0, -1) if steps[p - 1] != steps[-1]), 0)
    found = {}
    for word, said in postings.items():
        if moved := _moved_up(said, goes, first, settled):
            found[word] = moved
    return found


def _moved_up(said: str, goes: Sequence[int], first: int, settled: int) -> str:
    """Return where one word stands once each article stands where it goes, "" for nowhere.

    Args:
        said: Where it stood.
        goes: For each place the one that its article has now.
        first: The first place whose article has another one, or none.
        settled: The place from which on all articles move by as much, so that only the first of
            them has another step to it.
    """
    numbers = _NUMBER.findall(said)
    places = list(accumulate(map(_STEPS.__getitem__, numbers), initial=-1))[1:]
    begin = bisect_left(places, first)
    if begin == len(places):
        return said
    moved, before = "".join(numbers[:begin]), places[begin - 1] if begin else -1
    for place, number in zip(places[begin:], numbers[begin:], strict=True):
        if (new := goes[place]) != GONE:
            moved += SIGNS[(new - before - 1) * LEVELS + _VALUES[number] % LEVELS]
            before = new
            if place >= settled:
                return moved + "".join(numbers[bisect_right(places, place) :])
    return moved


def _enter(postings: dict[str, str], place: int, said: Mapping[str, int]) -> None:
    """Add an article, whose place is free, to its words."""
    for word, level in said.items():
        marks = [*_marks(postings.get(word, "")), place * LEVELS + level]
        postings[word] = _said(sorted(marks))


def _marks(said: str) -> list[int]:
    """Return where a word stands: for each article its place, times `LEVELS`, and the level."""
    marks, start = list[int](), 0
    for number in _NUMBER.findall(said):
        mark = start + _VALUES[number]
        marks.append(mark)
        start = mark - mark % LEVELS + LEVELS
    return marks


def _said(marks: Iterable[int]) -> str:
    said, start = "", 0
    for mark in marks:
        said += SIGNS[mark - start]
        start = mark - mark % LEVELS + LEVELS
    return said


class _Values(dict[str, int]):
    """What the signs of numbers stand for."""

    def __missing__(self, signs: str) -> int:
        value = 0
        for sign in reversed(signs):
            value = value * 32 + _DIGITS[sign] % 32
        self[signs] = value
        return value


class _Steps(dict[str, int]):
    """How far it is to the article that signs stand for, from the one before."""

    def __missing__(self, signs: str) -> int:
        self[signs] = step = _VALUES[signs] // LEVELS + 1
        return step


_VALUES, _STEPS = _Values(), _Steps()
