"""Pictures as values."""

from collections.abc import Iterable, Mapping

from tamizdat.desk import models, variants
from tamizdat.desk.cleaning import line
from tamizdat.desk.published.values import Picture, PictureUse, Rendition
from tamizdat.lib import paths

Pictures = Mapping[int, Picture]


def find(ids: Iterable[int]) -> dict[int, Picture]:
    """Return the pictures of these ids, in one query; what is gone is left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = models.Picture.objects.filter(pk__in=wanted)
    return {row.pk: value(row) for row in rows if row.variants}


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
