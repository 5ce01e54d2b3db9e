"""Pictures as values."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping

from tamizdat.desk import models
from tamizdat.desk.cleaning import line
from tamizdat.desk.pictures import variants
from tamizdat.desk.published.values import Picture, PictureUse, Rendition
from tamizdat.lib import paths
from tamizdat.lib.batches import batches

Pictures = Mapping[int, Picture]
KEPT = 2_000  # pictures: about 10 MB
AT_ONCE = 500  # rows of one query


class Album:
    """Pictures that were looked up lately; the rest of a large archive is not kept in memory."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, Picture | None] = OrderedDict()

    def find(self, ids: Iterable[int]) -> dict[int, Picture]:
        """Return the pictures of these ids; what is gone is left out."""
        wanted = {number for number in ids if number}
        missing = sorted(wanted - self._known.keys())
        for some in batches(missing, AT_ONCE):
            rows = models.Picture.objects.filter(pk__in=some)
            self._known.update(dict.fromkeys(some))
            self._known.update({row.pk: value(row) for row in rows if row.variants})
        found = {number: picture for number in wanted if (picture := self._known[number])}
        for number in wanted:
            self._known.move_to_end(number)
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return found


def value(row: models.Picture) -> Picture:
    return Picture(
        id=row.pk,
        width=row.width,
        height=row.height,
        credit=line(row.credit),
        colour=row.colour,
        focus=row.focus,
        renditions=tuple(
            Rendition(
                path=paths.picture(row.digest, made["width"], made["form"]),
                file=variants.place(row.digest, made["width"], made["form"]),
                form=made["form"],
                width=made["width"],
                height=made["height"],
            )
            for made in row.variants
        ),
    )


def use(
    pictures: Pictures, picture_id: int | None, caption: object, alt: object
) -> PictureUse | None:
    """Return a picture with the words of one use of it, or None where there is no picture."""
    picture = pictures.get(picture_id or 0)
    if picture is None:
        return None
    return PictureUse(picture=picture, caption=line(caption), alt=line(alt))
