"""A picture as a `<picture>` element needs it."""

from dataclasses import dataclass

from tamizdat.desk.published import PictureUse, Rendition
from tamizdat.press.pages.links import Links

WIDE = "(min-width: 56rem) 56rem, 100vw"  # the lead photo of an article
FIRST = "(min-width: 72rem) 46rem, 100vw"  # the lead of a front page
TEXT = "(min-width: 40rem) 40rem, 100vw"  # a figure in the text
CARD = "(min-width: 48rem) 17rem, 100vw"  # a teaser
CARD_WIDTH = 800  # pixels: no teaser needs more, and every candidate is bytes on every page
TEXT_WIDTH = 1280  # what a figure in the text needs where two pixels make one
MIDDLE = 960  # the width of the JPEG for browsers that know nothing better
TYPES = {"avif": "image/avif", "webp": "image/webp"}
SECOND = (640, 1280)  # widths of WebP: for the few browsers without AVIF a choice of two


@dataclass(frozen=True, slots=True)
class Source:
    """One `<source>`: the better forms, best first. `srcset` is ready ("a.avif 320w, …")."""

    type: str  # "image/avif", "image/webp"
    srcset: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture on a page.

    Attributes:
        sources: AVIF and WebP, best first.
        src: The JPEG for browsers that know neither, of middle size: they are few and old, and a
            choice of JPEGs for them would be bytes for everybody.
        sizes: How wide the picture stands, for the browser's choice.
        width: Of the whole picture in pixels, like `height`: always print both.
        alt: What it shows, for those who do not see it; "" on teasers, whose headline says it.
        caption: Plain text, maybe "".
        credit: Plain text.
        colour: A stand-in while it loads ("#8a7f6d").
        focus: What `object-position` needs to keep the point that matters ("50% 32%").
    """

    sources: tuple[Source, ...]
    src: str
    sizes: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    colour: str
    focus: str


def image(use: PictureUse, links: Links, sizes: str) -> Image:
    """Return a picture with its words, as it stands in the text."""
    links.show(use.picture)
    renditions = use.picture.renditions
    fit = tuple(r for r in renditions if r.width <= TEXT_WIDTH or sizes != TEXT)
    return _image(use, links, sizes, fit or renditions)


def teaser_image(use: PictureUse, links: Links, sizes: str = CARD) -> Image:
    """Return a picture as a teaser shows it: no words, and small sizes only.

    It is the lead photo of an article that the same edition brings, and with it the files.
    """
    silent = PictureUse(use.picture, caption="", alt="")
    small = [r for r in use.picture.renditions if r.width <= CARD_WIDTH]
    wanted = use.picture.renditions if sizes != CARD else tuple(small)
    return _image(silent, links, sizes, wanted or use.picture.renditions)


def _image(use: PictureUse, links: Links, sizes: str, renditions: tuple[Rendition, ...]) -> Image:
    picture = use.picture
    jpegs = _of(renditions, "jpg")
    middle = min(jpegs, key=lambda r: abs(r.width - MIDDLE), default=None)
    return Image(
        sources=tuple(
            Source(type_, _srcset(found, links))
            for form, type_ in TYPES.items()
            if (found := _offered(renditions, form))
        ),
        src=links.picture(middle) if middle else "",
        sizes=sizes,
        width=picture.width,
        height=picture.height,
        alt=use.alt,
        caption=use.caption,
        credit=picture.credit,
        colour=picture.colour,
        focus=f"{picture.focus[0]:.0%} {picture.focus[1]:.0%}",
    )


def _offered(renditions: tuple[Rendition, ...], form: str) -> list[Rendition]:
    every = _of(renditions, form)
    return every if form == "avif" else [r for r in every if r.width in SECOND] or every


def _of(renditions: tuple[Rendition, ...], form: str) -> list[Rendition]:
    return sorted((r for r in renditions if r.form == form), key=lambda r: r.width)


def _srcset(renditions: list[Rendition], links: Links) -> str:
    return ", ".join(f"{links.picture(r)} {r.width}w" for r in renditions)
