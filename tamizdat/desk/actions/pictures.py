"""Take pictures in without the desk's forms."""

from django.contrib.auth.models import User
from django.db import transaction

from tamizdat.desk.models import Picture
from tamizdat.desk.storage import CleanFile
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
