"""Take pictures in without the desk's forms, and forget those that nobody finished."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import UploadedFile

from tamizdat.desk.models import Picture
from tamizdat.desk.pictures.storage import CleanFile
from tamizdat.lib.pictures import clean


@transaction.atomic
def take_in(data: bytes, name: str, *, title: str, credit: str, by: User | None = None) -> Picture:
    """Clean a picture, keep it with its sizes, and return it; the same one is kept once.

    Raises:
        PictureError: it is no picture that we can clean.
    """
    cleaned = clean(data)
    known: Picture | None = Picture.objects.filter(digest=cleaned.digest).first()
    if known is not None:
        return known
    picture = Picture(
        title=title[:255], credit=credit[:255], file=CleanFile(cleaned, name), uploaded_by_user=by
    )
    picture.save()
    return picture


def forget_unfinished(before: datetime) -> int:
    """Delete pictures that have waited for their credit since then, and return how many.

    The CMS keeps what was sent among many until somebody says whose it is, or for ever.
    """
    waiting = [each for each in UploadedFile.objects.all() if _kept_since(each.file) < before]
    for each in waiting:
        each.file.delete(save=False)
        each.delete()
    return len(waiting)


def _kept_since(file: Any) -> datetime:
    """Return when a file was kept; long ago if it is gone."""
    try:
        return datetime.fromtimestamp(Path(file.path).stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.min.replace(tzinfo=UTC)
