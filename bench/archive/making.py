"""Make a newsroom with an archive."""

import random
import time
from pathlib import Path

from bench.archive import persian, reuters, wikinews
from bench.archive.dates import moments
from tamizdat.site.boot import boot
from tamizdat.site.founding.newsroom import found
from tamizdat.site.founding.settings_file import Wanted, four_origins

PASSPHRASE = "nine unlit harbour lamps"
ADDRESS = "http://127.0.0.1:8000"


def make(folder: Path, articles: int, seed: int) -> float:
    """Found a newsroom in `folder`, fill its desk, and return how many articles a second it took.

    Nothing is published yet: the newsroom's first `tamizdat build` prints it all.

    Raises:
        NewsroomError: the folder is not empty.
    """
    addresses = four_origins(ADDRESS)
    found(folder, Wanted("The Long Shelf", ("en", "ru", "fa"), addresses), PASSPHRASE)
    boot(folder)
    started = time.monotonic()
    _fill(articles, seed)
    return articles / (time.monotonic() - started)


def _fill(articles: int, seed: int) -> None:
    from django.db import transaction

    from bench.archive import library
    from bench.archive.filling import Filling
    from bench.archive.terms import file_under
    from bench.archive.writer import Writer
    from tamizdat.press.models import Change

    wires = {"en": reuters.stories(), "ru": wikinews.stories(), "fa": persian.stories()}
    with transaction.atomic():
        pictures = library.fill(seed, articles)
        filling = Filling(file_under(seed, wires))
        writer = Writer(seed, wires, pictures, filling.first_id)
        filling.fill(writer.write(moments(random.Random(f"dates {seed}"), articles)))
        # The pictures announced themselves; without this the press would start at the commit.
        Change.objects.all().delete()
