"""One shard of the index: neighbours in time, cut into files that are small on any wire.

A shard has a directory (`index.json`), its words with where they stand (`words-N.txt`, in the
order of the alphabet), the same words by their ends (`ends-N.txt`: so a word with a slip at its
beginning is found), and what a list of results shows (`cards-N.json`). How many files there are
follows from the number of articles alone, so it is known before any text is read. A browser loads
the directory, and of the rest what one question needs. docs/reference/search.md has the format.
"""

import json
import logging
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from tamizdat.lib.failures import where
from tamizdat.press.search.analysis import count

A_WORDS_FILE = 8  # articles whose words fill a file of some 5 KB
AN_ENDS_FILE = 32
A_CARDS_FILE = 8
HEADLINE, STANDFIRST = 8, 3  # what a word there weighs; in the body 1
LEVELS = 8
USUAL = 400.0  # words of an article
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
BEHIND_ALL = "\uffff"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """One article: `card` is what results show, the rest what it is found by."""

    card: tuple[str, ...]
    headline: str
    standfirst: str
    body: str


def names(articles: int) -> list[str]:
    """Return the names of the files of a shard that holds so many articles."""
    kinds = (("words", A_WORDS_FILE, "txt"), ("ends", AN_ENDS_FILE, "txt"))
    every = (*kinds, ("cards", A_CARDS_FILE, "json"))
    numbered = [
        f"{kind}-{number}.{form}"
        for kind, each, form in every
        for number in range(_portions(articles, each))
    ]
    return ["index.json", *numbered] if articles else []


def files(entries: Sequence[Entry], language: str) -> dict[str, bytes]:
    """Return a shard's files by name. The same entries make the same bytes.

    Args:
        entries: Oldest first.
        language: Of all of them.
    """
    return bound(_postings(entries, language), [entry.card for entry in entries])


def bound(postings: Mapping[str, str], cards: Sequence[Sequence[str]]) -> dict[str, bytes]:
    """Return the files of a shard by name.

    Args:
        postings: Where each word stands, as the files say it.
        cards: Of all articles, oldest first.
    """
    listed = sorted(postings)
    by_word = _cut([(word, postings[word]) for word in listed], len(cards), A_WORDS_FILE)
    turned = sorted([word[::-1] for word in listed])
    by_end = _cut([(word, "") for word in turned], len(cards), AN_ENDS_FILE)
    made = {f"words-{n}.txt": _packed(some) for n, some in enumerate(by_word)}
    made |= {f"ends-{n}.txt": _packed(some) for n, some in enumerate(by_end)}
    for start in range(0, len(cards), A_CARDS_FILE):
        some = cards[start : start + A_CARDS_FILE]
        made[f"cards-{start // A_CARDS_FILE}.json"] = _json(some)
    directory = {"articles": len(cards), "words": _firsts(by_word), "ends": _firsts(by_end)}
    return {"index.json": _json(directory), **made}


def number(value: int) -> str:
    """Return a number in signs that go through any server: five bits each, the lowest first."""
    signs = ""
    while value >= LEVELS * 4:
        signs += DIGITS[value % 32 + 32]
        value //= 32
    return signs + DIGITS[value]


class _Signs(dict[int, str]):
    """The signs of all numbers met so far: at most `LEVELS` for each place in a shard."""

    def __missing__(self, value: int) -> str:
        self[value] = signs = number(value)
        return signs


SIGNS = _Signs()


def _postings(entries: Sequence[Entry], language: str) -> dict[str, str]:
    """Return for each word its articles: steps from one to the next, with what it weighs there."""
    found: dict[str, str] = {}
    last: dict[str, int] = {}
    for place, entry in enumerate(entries):
        for word, level in levels(entry, language).items():
            if word in last:
                found[word] += SIGNS[(place - last[word] - 1) * LEVELS + level]
            else:
                found[word] = SIGNS[place * LEVELS + level]
            last[word] = place
    return found


def levels(entry: Entry, language: str) -> dict[str, int]:
    """Return the levels of an article's words; none where it trips the counting of words.

    Such an article stands in the shard and is not found. It holds up no other, least of all one
    that was withdrawn and still stands in the shard that readers have.
    """
    try:
        return _levels(entry, language)
    except MemoryError:
        raise  # it is about no text
    except Exception as error:  # noqa: BLE001  one text that trips this holds up no other
        log.warning("the words of %s cannot be searched: %s", entry.card[0], where(error))
        return {}


def _levels(entry: Entry, language: str) -> dict[str, int]:
    """Return how much each word says about an article, from 0 to 7, as BM25 has it."""
    often = count(entry.body, language)
    length = often.total()
    for text, weight in ((entry.headline, HEADLINE), (entry.standfirst, STANDFIRST)):
        for word, times in count(text, language).items():
            often[word] += times * weight
    patience = 2 * (0.6 + 0.4 * length / USUAL)
    most = max(often.values(), default=0)
    level = [int(LEVELS * times / (times + patience)) for times in range(most + 1)]
    return {word: level[times] for word, times in often.items()}


def _cut(lines: list[tuple[str, str]], articles: int, each: int) -> list[list[tuple[str, str]]]:
    """Cut lines into parts of about the same length, one for so many articles each."""
    parts = _portions(articles, each)
    ends = list(accumulate((len(word) + len(said) for word, said in lines), initial=0))
    # Where a line begins behind the n-th part of all, the part n begins.
    begins = [bisect_left(ends, -(-part * ends[-1] // parts)) for part in range(parts)]
    return [lines[begin:end] for begin, end in pairwise([*begins, len(lines)])]


def _firsts(parts: Iterable[list[tuple[str, str]]]) -> list[str]:
    """Return with which word each part begins; an empty part begins where the next one does."""
    firsts: list[str] = []
    following = BEHIND_ALL
    for part in reversed(list(parts)):
        following = part[0][0] if part else following
        firsts.append(following)
    return firsts[::-1]


def _packed(lines: list[tuple[str, str]]) -> bytes:
    """Return lines, each without what it begins with like the one before: a sign says how much."""
    return "\n".join(_shortened(lines)).encode()


def _shortened(lines: list[tuple[str, str]]) -> Iterator[str]:
    before = ""
    for word, said in lines:
        same = 0
        for one, other in zip(before, word, strict=False):
            if one != other:
                break
            same += 1
        before = word
        yield f"{DIGITS[same]}{word[same:]} {said}" if said else f"{DIGITS[same]}{word[same:]}"


def _portions(articles: int, each: int) -> int:
    return -(-articles // each)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
