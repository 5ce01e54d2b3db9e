"""One more article in an archive of a hundred thousand, and the same in one of a thousand.

An editor who has signed in sends the desk's forms to a newsroom that is served as in production,
with its worker beside it; a reader asks the front until it has what the editor did. Corrected,
unpublished and withdrawn (deleted for good) are old articles to which many others link.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

from bench._archived import HANDFUL, newsroom, run
from bench._rows import Row, row
from bench.archive import wire

MANY, FEW = 100_000, 1_000

TIMES = 20
MOST_S, MOST_FILES, MOST_GROWTH = 1.0, 60, 1.3
VERBS = ("publish", "correct", "unpublish", "withdraw")
Costs = Mapping[str, Sequence[Mapping[str, float]]]


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` does each once in a handful of articles and judges nothing."""
    wire.folder("reuters21578")
    if smoke:
        few = many = _work(HANDFUL, 1)
    else:
        many, few = _work(MANY, TIMES), _work(FEW, TIMES)
    return [*_rows_of_seconds(many), *_rows_of_publishing(many, few)]


def _work(articles: int, times: int) -> Costs:
    """Work at the desk of a newsroom with so many articles, and return what it cost."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        folder = newsroom(Path(place), articles)
        said: Costs = json.loads(run("-m", "bench.desk.working", str(folder), str(times)))
    return said


def _rows_of_seconds(many: Costs) -> list[Row]:
    """Return what each act costs: as readers see it, in CPU, and until the editor goes on."""
    made = []
    for verb in VERBS:
        seen = percentile([one["s"] for one in many[verb]])
        made += [
            row(f"{verb}_100k_p95_s", seen, "s", MOST_S),
            row(f"{verb}_100k_cpu_s", median(one["cpu_s"] for one in many[verb]), "s"),
            row(f"{verb}_100k_editor_s", median(_answered(many[verb])), "s"),
        ]
    return made


def _rows_of_publishing(many: Costs, few: Costs) -> list[Row]:
    one, other = many["publish"], few["publish"]
    counted = [each for each in one if "files" in each]
    growth = median(each["s"] for each in one) / median(each["s"] for each in other)
    worked = median(each["cpu_s"] for each in one) / median(each["cpu_s"] for each in other)
    return [
        row("publish_files_written", max(e["files"] for e in counted), "files", MOST_FILES),
        row("publish_search_files", max(e["search_files"] for e in counted), "files"),
        row("publish_100k_vs_1k", growth, "times", MOST_GROWTH),
        row("publish_100k_vs_1k_cpu", worked, "times"),
    ]


def _answered(costs: Sequence[Mapping[str, float]]) -> list[float]:
    return [one["answered_s"] for one in costs]


def percentile(values: Sequence[float]) -> float:
    """Return the 95th percentile; of a single value, itself."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
