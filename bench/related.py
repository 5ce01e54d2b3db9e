"""Read more on the labelled newswire: how often do the first five share a label with the article?

Ours beside TF-IDF, in the same run on the same stories: a half of the wire as one newsroom, and cut
into young ones of 200 articles. The scorer never sees a label. Its numbers were chosen on one half
of the wire; the limit is judged on the other.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from bench import _tfidf
from bench._archived import HANDFUL, newsroom, run, unpublished
from bench._rows import Row, row
from bench._wire_labels import HELD_OUT, TUNED, Labelled, half
from tamizdat.press.related import results
from tamizdat.press.related.exchange import Counted, counted, write
from tamizdat.press.related.words import stop_words

ROOT = Path(__file__).parents[1]
LANGUAGE = "en"
FIRST = 5
AT_LEAST = 1.0
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
    mine, theirs, all_words = (
        _share([stories], ranking) for ranking in (ours, tfidf, tfidf_of_all_words)
    )
    young = [stories[at : at + FEW] for at in range(0, len(stories), FEW)]
    mine_young, theirs_young = (_share(young, ranking) for ranking in (ours, tfidf))
    return [
        row(f"related_reuters_vs_tfidf{suffix}", mine / theirs, "times", least=limit),
        row(f"related_reuters{suffix}", mine, "share"),
        row(f"related_reuters_tfidf{suffix}", theirs, "share"),
        row(f"related_reuters_vs_tfidf_of_all_words{suffix}", mine / all_words, "times"),
        row(f"related_reuters_200_vs_tfidf{suffix}", mine_young / theirs_young, "times"),
        row(f"related_reuters_200{suffix}", mine_young, "share"),
    ]


def _share(newsrooms: Sequence[Sequence[Labelled]], ranking: Ranking) -> float:
    """Return the share of the first five, of all stories, that have a label in common."""
    alike = 0
    for stories in newsrooms:
        for story, found in zip(stories, ranking(stories), strict=True):
            alike += sum(not story.labels.isdisjoint(stories[at].labels) for at in found)
    return alike / (FIRST * sum(map(len, newsrooms)))


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
    return counted(number, story.published.toordinal(), LANGUAGE, said, ())


def tfidf(stories: Sequence[Labelled]) -> list[list[int]]:
    """Return the same by TF-IDF, without stop words."""
    return _tfidf.nearest(stories, stop_words(LANGUAGE), FIRST)


def tfidf_of_all_words(stories: Sequence[Labelled]) -> list[list[int]]:
    """Return the same by TF-IDF, with all words: it knows what 5,000 articles have in common."""
    return _tfidf.nearest(stories, (), FIRST)


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
    day = one.published.toordinal() + at // count
    return counted(FIRST_NUMBER + at, day, LANGUAGE, said, ())


def _row_of_batch(many: int) -> Row:
    """Return what each of many articles costs when all are related before an edition."""
    with TemporaryDirectory(prefix="tamizdat-bench-") as place:
        spent = float(_relating(unpublished(Path(place), many), "batch"))
    return row("related_batch_ms", spent / many, "ms")


def _relating(folder: Path, *said: str) -> str:
    return run("-m", "bench._relating", str(folder), *said)
