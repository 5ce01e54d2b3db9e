"""All measurements as small as they can be, side by side: whether each still runs."""

import os
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context

from bench._archived import KEPT, make_ready
from bench._rows import Row
from bench.archive.wire import MissingWireError

ON_AN_ARCHIVE = frozenset({"bakery", "behind", "build", "related", "scale", "search"})


def run(names: Iterable[str]) -> list[Row]:
    """Run each measurement as small as it can be, side by side, and return all rows.

    What needs an archive comes last: by then the one that they share has been made.
    """
    order = sorted(names, key=lambda name: (name in ON_AN_ARCHIVE, name))
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as kept:
        os.environ.setdefault(KEPT, kept)
        with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
            if ON_AN_ARCHIVE.intersection(order):
                pool.submit(make_ready)
            rows = {name: pool.submit(_rows, name) for name in order}
            return [row for name in sorted(rows) for row in rows[name].result()]


def _rows(name: str) -> list[Row]:
    started = time.monotonic()
    try:
        rows: list[Row] = import_module(f"bench.{name}").rows(smoke=True)
    except MissingWireError as error:
        if os.environ.get("CI") == "true":
            raise
        print(f"NOT RUN: {name}: {error}")
        return []
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    return [row | {"met": None} for row in rows]
