"""The storage door: whatever is kept under media/ has been cleaned, whoever brought it."""

from pathlib import PurePath
from secrets import token_hex
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage

from tamizdat.lib.pictures import Clean, clean

WAITING = (
    "wagtail_uploads"  # where the CMS keeps what was sent among many until its credit is known
)


class CleanFile(ContentFile[bytes]):
    """A cleaned picture on its way to the storage, so that it is not cleaned twice."""

    def __init__(self, picture: Clean, name: str) -> None:
        self.picture = picture
        super().__init__(picture.data, name=str(PurePath(name).with_suffix(f".{picture.form}")))


class CleanStorage(FileSystemStorage):
    """Keeps pictures without metadata and nothing else.

    Raises:
        PictureError: what was to be kept is no picture. Doors clean first and say so kindly.
    """

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        content = getattr(content, "cleaned", content)
        if not isinstance(content, CleanFile):
            file = content if isinstance(content, File) else File(content)
            content = CleanFile(clean(file), name or content.name)
        fitting = PurePath(name or content.name).with_suffix(PurePath(str(content.name)).suffix)
        if fitting.parent.name == WAITING:  # a file's own name may tell who sent it
            fitting = fitting.with_stem(token_hex(10))
        return super().save(str(fitting), content, max_length)
