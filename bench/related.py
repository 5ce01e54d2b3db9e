"""Read more on the labelled newswire: how often do the first five share a label with the article?

Ours beside plain TF-IDF, in the same run on the same stories. The scorer never sees a label. Its
numbers were chosen on one half of the wire; the limit is judged on the other.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from math import log, sqrt
from statistics import quantiles
from time import process_time
from typing import Any

from bench._wire_labels import HELD_OUT, TUNED, Labelled, half
from tamizdat.press.kin import Kin, Kinsman
from tamizdat.press.terms import Profile, Spread, profile, vector

COMMAND = "python -m bench related"
FIRST = 5
AT_LEAST = 1.02
MOST_MS = 50.0
FEW = 400
MANY = 100_000
ASKED = 500
SAMPLE = 10  # of so many articles one tells how rare terms are
Row = dict[str, Any]
Ranking = Callable[[Sequence[Labelled]], list[list[int]]]  # of each story, by its place


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` takes few stories and judges nothing."""
    files = 1 if smoke else 22
    judged, tuned = half(HELD_OUT, files=files), half(TUNED, files=files)
    made = _rows_of(judged, "", AT_LEAST) + _rows_of(tuned, "_tuned_half", None)
    made.append(_row_of_many(judged, FEW if smoke else MANY))
    return [row | {"met": None} for row in made] if smoke else made


def _rows_of(stories: Sequence[Labelled], suffix: str, limit: float | None) -> list[Row]:
    mine, plains = (_share(stories, ranking) for ranking in (ours, plain))
    return [
        _row(f"related_reuters_vs_tfidf{suffix}", mine / plains, "times", limit),
        _row(f"related_reuters{suffix}", mine, "share", None),
        _row(f"related_reuters_tfidf{suffix}", plains, "share", None),
    ]


def _share(stories: Sequence[Labelled], ranking: Ranking) -> float:
    """Return the share of the first five, of all stories, that have a label in common."""
    alike = 0
    for story, found in zip(stories, ranking(stories), strict=True):
        alike += sum(not story.labels.isdisjoint(stories[at].labels) for at in found)
    return alike / (FIRST * len(stories))


def ours(stories: Sequence[Labelled]) -> list[list[int]]:
    """Return the places of the stories that the press would put under each."""
    _, kin, people = _index(stories)
    return [kin.nearest(one, FIRST) for one in people]


def _index(stories: Sequence[Labelled]) -> tuple[Spread, Kin, list[Kinsman]]:
    spread, kin = Spread(), Kin()
    profiles = [profile(story.headline, story.text) for story in stories]
    for one in profiles:
        spread.learn(one)
    every = [
        Kinsman(at, story.published, vector(one, spread))
        for at, (story, one) in enumerate(zip(stories, profiles, strict=True))
    ]
    for kinsman in every:
        kin.add(kinsman)
    return spread, kin, every


def plain(stories: Sequence[Labelled]) -> list[list[int]]:
    """Return the same by plain TF-IDF: counts, smoothed inverse frequency, cosine, all words."""
    bags = [Counter(re.findall(r"[^\W_]+", f"{s.headline} {s.text}".lower())) for s in stories]
    stands: Counter[str] = Counter()
    for bag in bags:
        stands.update(bag.keys())
    rarity = {word: log((1 + len(bags)) / (1 + n)) + 1 for word, n in stands.items()}
    within: dict[str, list[tuple[int, float]]] = {}
    vectors = [_unit({word: n * rarity[word] for word, n in bag.items()}) for bag in bags]
    for at, weights in enumerate(vectors):
        for word, weight in weights.items():
            within.setdefault(word, []).append((at, weight))
    return [_best(at, weights, within) for at, weights in enumerate(vectors)]


def _unit(weights: dict[str, float]) -> dict[str, float]:
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {word: weight / length for word, weight in weights.items()}


def _best(
    own: int, weights: dict[str, float], within: dict[str, list[tuple[int, float]]]
) -> list[int]:
    scores: dict[int, float] = {}
    for word, weight in weights.items():
        for at, other in within[word]:
            scores[at] = scores.get(at, 0.0) + weight * other
    scores.pop(own, None)
    return sorted(scores, key=lambda at: (-scores[at], at))[:FIRST]


def _row_of_many(stories: Sequence[Labelled], many: int) -> Row:
    """Return what one more article costs in a large archive of stories joined in pairs."""
    spread, kin, spent = Spread(), Kin(), list[float]()
    for at in range(0, many, SAMPLE):
        spread.learn(_counted(stories, at))
    for at in range(many):
        day = stories[at % len(stories)].published
        kin.add(Kinsman(at, day, vector(_counted(stories, at), spread)))
    for at in range(0, many, max(1, many // ASKED)):
        day = stories[at % len(stories)].published
        started = process_time()
        kin.nearest(Kinsman(-1, day, vector(_counted(stories, at), spread)), FIRST)
        spent.append((process_time() - started) * 1000)
    return _row("related_one_100k_p95_ms", quantiles(spent, n=20)[-1], "ms", MOST_MS)


def _counted(stories: Sequence[Labelled], at: int) -> Profile:
    """Return one of many articles: two stories joined, never the same two."""
    count = len(stories)
    one, other = stories[at % count], stories[(at * 7919 + at // count) % count]
    return profile(one.headline, f"{one.text}\n{other.text}")


def _row(name: str, value: float, unit: str, limit: float | None) -> Row:
    met = None
    if limit is not None:
        met = value <= limit if unit == "ms" else value >= limit
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "limit": limit,
        "met": met,
        "command": COMMAND,
    }
