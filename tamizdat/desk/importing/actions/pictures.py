"""Take the old site's pictures in."""

from pathlib import Path
from types import TracebackType
from typing import Self

from django.db.models import Max

from tamizdat.desk.actions.pictures import take_in
from tamizdat.desk.importing.ledger import Ledger, Target
from tamizdat.desk.models import Picture
from tamizdat.desk.pictures import variants
from tamizdat.lib.pictures import PictureError

LONGEST_NAME = 80


class PictureShelf:
    """Takes each file in once. Left by an error, it leaves no file behind."""

    def __init__(self, ledger: Ledger, credit: str) -> None:
        self.credited = 0  # how many pictures got the credit
        self._ledger = ledger
        self._credit = credit
        self._taken: dict[Path, int] = {}
        self._new: list[Picture] = []
        self._newest = Picture.objects.aggregate(newest=Max("pk"))["newest"] or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            for picture in self._new:
                _remove_files(picture)

    def take(self, file: Path, key: str, title: str) -> int:
        """Return the id of a file's picture. `key` names it in the ledger.

        Raises:
            PictureError: it is no picture that can be cleaned, or the desk has deleted it.
        """
        if self._ledger.find("attachment", key) is None:
            number = self._taken.get(file) or self._make(file, title)
            self._ledger.enter("attachment", key, Target("picture", number))
        self._taken[file] = self._known(key)
        return self._taken[file]

    def _known(self, key: str) -> int:
        number = self._ledger.target("attachment", key)
        if number in self._taken.values():
            return number or 0
        if number is None or not Picture.objects.filter(pk=number).exists():
            raise PictureError("The desk has deleted this picture since.")
        return number

    def _make(self, file: Path, title: str) -> int:
        try:
            data = file.read_bytes()
        except OSError as error:
            raise PictureError(f"Its file cannot be read: {error.strerror}.") from error
        picture = take_in(
            data, file.name[-LONGEST_NAME:], title=title or file.name, credit=self._credit
        )
        picture.file.close()  # the CMS leaves it open after reading its size
        if picture.pk > self._newest:
            self._newest = picture.pk
            self._new.append(picture)
            self.credited += 1
        return int(picture.pk)


def _remove_files(picture: Picture) -> None:
    """Remove what a picture wrote; it is called when its row is gone."""
    for made in picture.variants:
        variants.place(picture.digest, made["width"], made["form"]).unlink(missing_ok=True)
    picture.file.storage.delete(picture.file.name)
