"""Relate all articles of a language at once: `python -m tamizdat.press.related.numpy_job FOLDER`.

A process of its own, without Django and with numpy: what it needs goes when it ends, and nobody
else needs numpy. It reads what `exchange` wrote and leaves its findings beside it.
"""

import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from tamizdat.lib.processes.worker_pool import WorkerDiedError, in_order, shared_out
from tamizdat.press.related.exchange import HEAD, PARTS, WORKER_DIED
from tamizdat.press.related.features import EVERY, FINEST, GRAIN, KEPT, OFTEN, often, rarity
from tamizdat.press.related.numpy_corpus import Corpus, Ints, empty_corpus
from tamizdat.press.related.similarity import OF_A_TERM, RANKED

MERGED = 500_000  # terms of portions that are counted together
PORTION = 500  # articles related at a time
MANY = 5_000  # articles from which on a second process is worth its start
TOP = 0xFFFFFFFF
Portion = dict[str, Ints]


def main(folder: Path) -> None:
    """Weigh the articles that were counted in a folder, relate them, and write what was found."""
    paths = sorted(folder.glob("*.heads"))
    vocabulary, article_counts = _learnt(paths)
    corpus = _weighed(paths, vocabulary, article_counts)
    _write_prefixes(folder, corpus, vocabulary)
    _write_vectors(folder, corpus, paths, vocabulary)
    wanted = np.concatenate([_read(path)["heads"][:, HEAD.index("wanted")] for path in paths])
    _write_ranked(folder, corpus, np.flatnonzero(wanted))


def _read(path: Path) -> Portion:
    found: Portion = {
        name: np.fromfile(path.with_suffix(f".{name}"), np.dtype(code)).astype(np.int64)
        for name, code in PARTS.items()
    }
    found["heads"] = found["heads"].reshape(-1, len(HEAD))
    return found


def _learnt(paths: list[Path]) -> tuple[Ints, Ints]:
    """Return all terms, sorted, and how many articles have each."""
    known, article_counts = np.zeros(0, np.int64), np.zeros(0, np.int64)
    waiting: list[Ints] = []
    for path in paths:
        waiting.append(np.fromfile(path.with_suffix(".terms"), np.uint32).astype(np.int64))
        if path == paths[-1] or sum(map(len, waiting)) > MERGED:
            new, times = np.unique(np.concatenate(waiting), return_counts=True)
            known, article_counts = _merged((known, article_counts), (new, times))
            waiting = []
    return known, article_counts


def _merged(one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    terms = np.union1d(one[0], other[0])
    article_counts = np.zeros(len(terms), np.int64)
    for some, times in (one, other):
        article_counts[np.searchsorted(terms, some)] += times
    return terms, article_counts


def _weighed(paths: list[Path], vocabulary: Ints, article_counts: Ints) -> Corpus:
    heads = np.concatenate([_read(path)["heads"] for path in paths])
    facets = np.unique(np.concatenate([_read(path)["marks"] for path in paths]))
    corpus = empty_corpus(len(heads), len(vocabulary))
    corpus.numbers, corpus.days = heads[:, 0].copy(), heads[:, 1].copy()
    corpus.article_counts = article_counts
    corpus.kinds = np.append([0], facets & 3)
    corpus.__post_init__()
    different, where = np.unique(article_counts, return_inverse=True)
    articles = len(heads)
    told = np.array([rarity(times, articles) for times in different.tolist()])[where]
    told[vocabulary == EVERY] = 0
    start = 0
    for path in paths:
        portion = _read(path)
        _weigh(corpus, portion, start, (vocabulary, told))
        _sketch(corpus, portion, start)
        _set_facets(corpus, portion, start, facets)
        start += len(portion["heads"])
    return corpus


def _weigh(corpus: Corpus, portion: Portion, start: int, known: tuple[Ints, Ints]) -> None:
    """Keep the most telling terms of a portion; the same numbers as `features.weigh` finds."""
    vocabulary, told = known
    rows = _rows(portion, "terms")
    worth = told[np.searchsorted(vocabulary, portion["terms"])]
    times = np.array([0.0, *map(often, range(1, OFTEN + 1))])[portion["counts"]]
    weights = (times * worth * GRAIN + 0.5).astype(np.int64)
    telling = worth > 0
    keys = (rows << 49) | ((0x1FFFF - weights) << 32) | (TOP - portion["terms"])
    keys = keys[telling]
    keys.sort()
    rows = keys >> 49
    place = np.arange(len(keys)) - np.searchsorted(rows, rows)
    keys, rows, place = (some[place < KEPT] for some in (keys, rows, place))
    weights = 0x1FFFF - (keys >> 32 & 0x1FFFF)
    lengths = np.sqrt(np.bincount(rows, weights * weights, len(portion["heads"])))
    terms = np.searchsorted(vocabulary, TOP - (keys & TOP))
    finest = (weights * FINEST / lengths[rows] + 0.5).astype(np.int64)
    order = np.lexsort((terms, corpus.article_counts[terms], rows))
    corpus.terms[start + rows, place] = terms[order]
    corpus.weights[start + rows, place] = finest[order]


def _sketch(corpus: Corpus, portion: Portion, start: int) -> None:
    rows = _rows(portion, "sketch")
    corpus.sketches[start + rows, _places(rows)] = portion["sketch"]


def _set_facets(corpus: Corpus, portion: Portion, start: int, facets: Ints) -> None:
    rows = _rows(portion, "marks")
    corpus.facets[start + rows, _places(rows)] = 1 + np.searchsorted(facets, portion["marks"])


def _rows(portion: Portion, part: str) -> Ints:
    lengths = portion["heads"][:, HEAD.index(part)]
    return np.repeat(np.arange(len(lengths)), lengths)


def _places(rows: Ints) -> Ints:
    return np.arange(len(rows)) - np.searchsorted(rows, rows)


def _write_prefixes(folder: Path, corpus: Corpus, vocabulary: Ints) -> None:
    """Write the terms, how many articles have each, and the newest of these."""
    ends = corpus.ends[:-1]
    begins = np.append([0], ends[:-1])
    lengths = np.minimum(ends - begins, OF_A_TERM)
    vocabulary.astype(np.uint32).tofile(folder / "prefixes.terms")
    corpus.article_counts.astype(np.uint32).tofile(folder / "prefixes.article_counts")
    lengths.astype(np.uint16).tofile(folder / "prefixes.lengths")
    postings = (corpus.days << 32) | corpus.numbers
    with (folder / "prefixes.postings").open("wb") as file:
        for start in range(0, len(ends), PORTION * 100):
            some = slice(start, start + PORTION * 100)
            sums = np.cumsum(lengths[some])
            flat = np.repeat(ends[some] - sums, lengths[some]) + np.arange(sums[-1])
            postings[corpus.posted[flat]].tofile(file)


def _write_vectors(folder: Path, corpus: Corpus, paths: list[Path], vocabulary: Ints) -> None:
    """Write each article's vector, packed, and how long it is."""
    lengths = []
    with (folder / "vectors.packed").open("wb") as file:
        for raw in _packed(corpus, paths, vocabulary):
            lengths.append(len(raw))
            file.write(raw)
    np.array(lengths, np.uint16).tofile(folder / "vectors.lengths")


def _packed(corpus: Corpus, paths: list[Path], vocabulary: Ints) -> Iterator[bytes]:
    at = 0
    for path in paths:
        portion = _read(path)
        sketch = portion["sketch"].astype(np.uint32)
        facets = portion["marks"].astype(np.uint32)
        sketched = marked = 0
        for sketches, marked_ in portion["heads"][:, HEAD.index("sketch") :].tolist():
            kept = int(np.count_nonzero(corpus.weights[at]))
            terms = vocabulary[corpus.terms[at, :kept]].astype(np.uint32)
            yield b"".join(
                (
                    bytes((kept, sketches, marked_)),
                    terms.tobytes(),
                    corpus.weights[at, :kept].tobytes(),
                    sketch[sketched : sketched + sketches].tobytes(),
                    facets[marked : marked + marked_].tobytes(),
                )
            )
            at, sketched, marked = at + 1, sketched + sketches, marked + marked_


def _write_ranked(folder: Path, corpus: Corpus, wanted: Ints) -> None:
    """Write what is nearest to each wanted article: its number, the threshold, the others or 0."""
    portions = [wanted[at : at + PORTION] for at in range(0, len(wanted), PORTION)]
    rank = partial(_ranked, corpus)
    with (folder / "ranked").open("wb") as file:
        cores = min(len(os.sched_getaffinity(0)), len(portions))
        if len(wanted) < MANY or cores == 1:
            file.writelines(map(rank, portions))
            return
        corpus.posted, corpus.ends  # noqa: B018  made once, before there are two
        with shared_out(rank, portions, cores) as ranked:
            file.writelines(in_order(ranked))


RANKING = np.dtype([("number", "i8"), ("score_threshold", "f8"), ("others", "i8", (RANKED,))])


def _ranked(corpus: Corpus, portion: Ints) -> bytes:
    made = np.zeros(len(portion), RANKING)
    for row, at in zip(made, portion.tolist(), strict=True):
        others, score_threshold = corpus.nearest(at)
        row["number"], row["score_threshold"] = corpus.numbers[at], score_threshold
        row["others"][: len(others)] = others
    return made.tobytes()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except WorkerDiedError:
        sys.exit(WORKER_DIED)
