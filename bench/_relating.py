"""Relate in a newsroom's folder and print what it cost: `python -m bench._relating DIR …`."""

import os
import sys
import time
from pathlib import Path

from tamizdat.site.boot import boot

LANGUAGE = "en"


def main(folder: Path, what: str, said: list[str]) -> None:
    """Do `fill FOLDER FIRST COUNT`, `one NTH` (milliseconds by the clock) or `batch` (of CPU)."""
    boot(folder)
    if what == "fill":
        fill(Path(said[0]), int(said[1]), int(said[2]))
    else:
        print(one(int(said[0])) if what == "one" else batch())


def fill(counts: Path, first: int, count: int) -> None:
    """Keep articles that were counted and ranked in a folder as if all were published."""
    from tamizdat.press.related import bulk_job

    every = [(first + at, 730_000, 0) for at in range(count)]
    bulk_job._keep(LANGUAGE, counts, every)  # noqa: SLF001  its reading apart, which needs articles


def one(nth: int) -> float:
    """Relate the nth article of the newsroom as a new one."""
    from tamizdat.press.models import ListEntry, RelatedArticles
    from tamizdat.press.related import service

    listed = ListEntry.objects.filter(list=f"search:{LANGUAGE}").order_by("article")
    number = listed.values_list("article", flat=True)[nth]
    RelatedArticles.objects.filter(pk=number).delete()
    started = time.perf_counter()
    service.rank_stale([f"article:{number}"])
    spent = (time.perf_counter() - started) * 1000
    if not service.ranked_ids([number])[number]:  # fewer than are shown, where all tell one story
        raise SystemExit(f"article {number} was not related")
    return spent


def batch() -> float:
    """Relate all articles of an archive that was not built yet."""
    from django.conf import settings
    from django.db import transaction

    from tamizdat.press.build.planner import ALL, Plan
    from tamizdat.press.content.repository import Repository
    from tamizdat.press.pages.fragments import Fragments
    from tamizdat.press.related import service

    with transaction.atomic():
        jobs = Plan(Repository(settings.NEWSROOM), Fragments()).follow([ALL])
    before = sum(os.times()[:4])
    service.rank_stale(jobs)
    return (sum(os.times()[:4]) - before) * 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
