"""Carry over what a WordPress export holds."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from tamizdat.desk.importing.actions.carrying import Carrier
from tamizdat.desk.importing.actions.pictures import PictureShelf
from tamizdat.desk.importing.addresses import host
from tamizdat.desk.importing.archive import survey
from tamizdat.desk.importing.drafting import Drafter
from tamizdat.desk.importing.export.wxr import Item, read
from tamizdat.desk.importing.ledger import Ledger, source_of
from tamizdat.desk.importing.media_folder import MediaFolder
from tamizdat.desk.importing.report import Report

Progress = Callable[[int, int], None]


def import_wordpress(
    file: Path, media: Path | None, at: datetime, *, progress: Progress | None = None
) -> Report:
    """Carry over what an export holds and return what became of each thing.

    All of it or nothing: pictures' files too are gone again after an error. What was carried
    before is brought up to date if the export changed and nobody at the desk touched it since.

    Args:
        file: the export (WXR) as WordPress wrote it.
        media: a copy of the old site's uploads, or None.
        at: now; what is dated later is scheduled.
        progress: told after each item how many are done, and of how many.

    Raises:
        ExportError: it cannot be read as an export; the newsroom is as it was.
    """
    zone = ZoneInfo(settings.NEWSROOM.time_zone)
    archive = survey(read(file, zone))
    ledger = Ledger(source_of(archive.site))
    credit = archive.site.title or host(archive.site.address) or settings.NEWSROOM.name
    with PictureShelf(ledger, credit) as shelf:
        drafter = Drafter(archive, MediaFolder(media), at)
        carrier = Carrier(drafter, ledger, shelf)
        with transaction.atomic():
            for done, item in enumerate(_items(file, zone), start=1):
                carrier.take(item)
                if progress:
                    progress(done, archive.items)
            carrier.finish()
    return carrier.report


def _items(file: Path, zone: ZoneInfo) -> Iterator[Item]:
    return (value for value in read(file, zone) if isinstance(value, Item))
