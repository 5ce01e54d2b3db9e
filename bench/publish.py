"""What publishing costs in the demonstration newsroom, and what its pages weigh."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import brotli

from bench._rows import Row, row
from tests.demonstration import KEPT_PORT, copied

WORDS = 800
PAGE_LIMIT_KB = 10.0  # an article of so many words in any language, packed: style, boxes, script
KB = 1000  # bytes: the stricter of the two
FILES_LIMIT = 60
SECONDS_LIMIT = 2.0


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` publishes once and judges nothing."""
    with tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place:
        folder = Path(place) / "newsroom"
        copied(folder, KEPT_PORT)
        _run("-m", "tamizdat.site", "--newsroom", str(folder), "build")  # it lies elsewhere: settle
        weights = weights_of(folder / "edition" / "current")
        figures = _publish(folder, 1 if smoke else 7)
    return [*_rows_of_publishing(figures), *_rows_of_weight(weights)]


def _publish(folder: Path, times: int) -> Mapping[str, Any]:
    said: dict[str, Any] = json.loads(_run("-m", "bench._publishing", str(folder), str(times)))
    return said


def _run(*arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")}
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout


def weights_of(edition: Path) -> dict[str, float]:
    """Return the packed weight in KB of every article of at most 800 words, by path."""
    root, found = edition.resolve(), {}
    for file in root.rglob("*.html"):
        raw = file.read_bytes()
        words = re.search(rb'"wordCount":(\d+)', raw)
        if words and int(words[1]) <= WORDS:
            packed = brotli.compress(raw, quality=11)
            found[str(file.relative_to(root))] = len(packed) / KB
    return found


def _rows_of_publishing(figures: Mapping[str, Any]) -> list[Row]:
    singles = figures["singles"]
    return [
        row("publish_demo_s", median(one["seconds"] for one in singles), "s", SECONDS_LIMIT),
        row("publish_demo_files_written", _most(singles, "written"), "files", FILES_LIMIT),
        row("publish_demo_needless_articles", _most(singles, "needless"), "files", 0),
        row("build_full_demo_s", figures["full_s"], "s"),
    ]


def heaviest(weights: Mapping[str, float]) -> dict[str, float]:
    """Return the weight of each language's heaviest article, by its code.

    Cyrillic and Arabic letters are two bytes each: the same story weighs more in them.
    """
    found: dict[str, float] = {}
    for path, weight in sorted(weights.items()):
        language = path.partition("/")[0]
        found[language] = max(weight, found.get(language, 0.0))
    return found


def _rows_of_weight(weights: Mapping[str, float]) -> list[Row]:
    by_language = heaviest(weights)
    each = [
        row(f"article_800_words_{language}_kb", weight, "KB", PAGE_LIMIT_KB)
        for language, weight in by_language.items()
    ]
    return [row("article_800_words_kb", max(by_language.values()), "KB", PAGE_LIMIT_KB), *each]


def _most(singles: list[Mapping[str, Any]], what: str) -> int:
    return max(int(one[what]) for one in singles)
