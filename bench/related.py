"""Read more on the labelled newswire: how often do the first five share a label with the article?

Ours beside plain TF-IDF, in the same run on the same stories. The scorer never sees a label. Its
numbers were chosen on one half of the wire; the limit is judged on the other.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from math import log, sqrt
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from bench._archived import HANDFUL, newsroom, run, unpublished
from bench._rows import Row, row
from bench._wire_labels import HELD_OUT, TUNED, Labelled, half
from tamizdat.press.related import results
from tamizdat.press.related.exchange import Counted, counted, write

ROOT = Path(__file__).parents[1]
FIRST = 5
AT_LEAST = 1.02
MOST_MS = 50.0
FEW = 200
MANY = 100_000
BATCH = 20_000
ASKED = 20  # processes, each for one article
PORTION = 500
FIRST_NUMBER = 1_000_000  # of the articles that are only related to
Ranking = Callable[[Sequence[Labelled]], list[list[int]]]  # of each story, by its place


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` takes few stories and judges nothing."""
    files = 1 if smoke else 22
    judged, tuned = half(HELD_OUT, files=files), half(TUNED, files=files)
    made = _rows_of(judged, "", AT_LEAST) + _rows_of(tuned, "_tuned_half", None)
    made.append(_row_of_one(judged, FEW if smoke else MANY, 2 if smoke else ASKED))
    made.append(_row_of_batch(HANDFUL if smoke else BATCH))
    return made


def _rows_of(stories: Sequence[Labelled], suffix: str, limit: float | None) -> list[Row]:
    mine, plains = (_share(stories, ranking) for ranking in (ours, plain))
    return [
        row(f"related_reuters_vs_tfidf{suffix}", mine / plains, "times", least=limit),
        row(f"related_reuters{suffix}", mine, "share"),
        row(f"related_reuters_tfidf{suffix}", plains, "share"),
    ]


def _share(stories: Sequence[Labelled], ranking: Ranking) -> float:
    """Return the share of the first five, of all stories, that have a label in common."""
    alike = 0
    for story, found in zip(stories, ranking(stories), strict=True):
        alike += sum(not story.labels.isdisjoint(stories[at].labels) for at in found)
    return alike / (FIRST * len(stories))


def ours(stories: Sequence[Labelled]) -> list[list[int]]:
    """Return the places of the stories that the press would put under each."""
    with TemporaryDirectory(prefix="tamizdat-bench-") as place:
        folder = Path(place)
        _count(folder, stories)
        results.run_job(folder)
        found = [ranked.numbers[:FIRST] for _, ranked in results.ranked(folder)]
    return [[number - 1 for number in numbers] for numbers in found]


def _count(folder: Path, stories: Sequence[Labelled]) -> None:
    for start in range(0, len(stories), PORTION):
        some = enumerate(stories[start : start + PORTION], start + 1)
        write(folder, start, ((_counted(number, story), True) for number, story in some))


def _counted(number: int, story: Labelled) -> Counted:
    said = (story.headline, story.text)
    return counted(number, story.published.toordinal(), said, ())


def plain(stories: Sequence[Labelled]) -> list[list[int]]:
    """Return the same by plain TF-IDF: counts, smoothed inverse frequency, cosine, all words."""
    bags = [Counter(re.findall(r"[^\W_]+", f"{s.headline} {s.text}".lower())) for s in stories]
    article_counts: Counter[str] = Counter()
    for bag in bags:
        article_counts.update(bag.keys())
    rarity = {word: log((1 + len(bags)) / (1 + n)) + 1 for word, n in article_counts.items()}
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


def _row_of_one(stories: Sequence[Labelled], many: int, times: int) -> Row:
    """Return what one new article costs in a process that has just begun, by the clock."""
    with TemporaryDirectory(prefix="tamizdat-bench-") as place:
        folder = newsroom(Path(place), HANDFUL)  # in which one is related after the other
        with TemporaryDirectory(dir=place) as counts:
            for start in range(0, many, PORTION):
                some = range(start, min(many, start + PORTION))
                write(Path(counts), start, ((_joined(stories, at), False) for at in some))
            results.run_job(Path(counts))
            _relating(folder, "fill", counts, str(FIRST_NUMBER), str(many))
        spent = [float(_relating(folder, "one", str(time))) for time in range(times)]
    return row("related_one_100k_p95_ms", quantiles(spent, n=20)[-1], "ms", MOST_MS)


def _joined(stories: Sequence[Labelled], at: int) -> Counted:
    """Return one of many articles: two stories joined, never the same two."""
    count = len(stories)
    one, other = stories[at % count], stories[(at * 7919 + at // count) % count]
    said = (one.headline, f"{one.text}\n{other.text}")
    return counted(FIRST_NUMBER + at, one.published.toordinal() + at // count, said, ())


def _row_of_batch(many: int) -> Row:
    """Return what each of many articles costs when all are related before an edition."""
    with TemporaryDirectory(prefix="tamizdat-bench-") as place:
        spent = float(_relating(unpublished(Path(place), many), "batch"))
    return row("related_batch_ms", spent / many, "ms")


def _relating(folder: Path, *said: str) -> str:
    return run("-m", "bench._relating", str(folder), *said)
