"""A picture as a `<picture>` element needs it."""

from dataclasses import dataclass


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
        src: The JPEG for browsers that know neither, of middle size.
        srcset: All JPEGs.
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
    srcset: str
    sizes: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str
    colour: str
    focus: str
