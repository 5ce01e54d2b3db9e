"""What editors feel of a re-rendering: everything is printed in a new look, and they publish.

One process renders again; another publishes articles one by one, and renames the section with the
most articles. Each publication is timed from the save to the edition that readers get.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench._archived import HANDFUL, newsroom, run
from bench._rows import Row, row
from bench.archive import wire

ARTICLES = 100_000
PUBLISHED, FEW = 40, 2

SECONDS_LIMIT = 1.0
LOCK_LIMIT = 0.5


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` takes a small archive and judges nothing."""
    wire.folder("reuters21578")
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        folder = newsroom(Path(place), HANDFUL if smoke else ARTICLES)
        times = str(FEW if smoke else PUBLISHED)
        said: Mapping[str, float] = json.loads(run("-m", "bench._behind", str(folder), times))
    limits = {
        "rerender_request_s": SECONDS_LIMIT,
        "rerender_publish_meanwhile_p95_s": SECONDS_LIMIT,
        "section_rename_request_s": SECONDS_LIMIT,
        "rerender_lock_longest_s": LOCK_LIMIT,
        "rerender_s": None,
        "rerender_pages": None,
    }
    return [
        row(name, said[name], "pages" if name.endswith("pages") else "s", limit)
        for name, limit in limits.items()
    ]
