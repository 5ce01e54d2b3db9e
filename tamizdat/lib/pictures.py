"""Pictures that say nothing but what they show: cleaning, and the sizes that pages use.

A photograph carries where it was taken, by which camera and whom it belongs to. Cleaning
keeps nothing of the file: it draws the pixels anew, upright and in sRGB, into a new one.
"""

import hashlib
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

pillow_heif.register_heif_opener(thumbnails=False)

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "HEIF")
LONG_SIDE = 2560
MOST_PIXELS = 100_000_000  # a decoded picture takes 3 to 4 bytes for each
MOST_BYTES = 60_000_000
WIDTHS = (320, 640, 960, 1280, 1920)

Form = Literal["avif", "webp", "jpg"]
SAVED_AS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 55, "speed": 9}),
    "webp": ("WEBP", {"quality": 78, "method": 3}),
    "jpg": ("JPEG", {"quality": 80, "progressive": True, "optimize": True}),
}
# What Pillow is known to raise on broken and hostile files.
BROKEN = (
    Image.DecompressionBombError,
    UnidentifiedImageError,
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


class PictureError(Exception):
    """The file is no picture that we can clean; the message may be shown to its sender."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture without metadata: `data` is a JPEG or PNG file, `digest` its SHA-256 in hex."""

    data: bytes
    form: Literal["jpg", "png"]
    width: int
    height: int
    colour: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def clean(data: bytes) -> Clean:
    """Return the picture alone: upright, in sRGB, at most 2560 pixels long, no metadata.

    Lossless files (PNG, GIF) and whatever is transparent become PNG, the rest JPEG.
    Of an animation the first frame is kept. The file's name and claimed type are not asked.

    Raises:
        PictureError: it is no picture of a kind we know, is broken, or is too large.
    """
    if len(data) > MOST_BYTES:
        raise PictureError(f"The file is larger than {MOST_BYTES // 1_000_000} MB.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _clean(data)
    except BROKEN as error:
        raise PictureError(
            "The file cannot be read as a picture; it may be damaged. "
            "Send a JPEG, PNG, WebP, AVIF, GIF, TIFF or HEIC file."
        ) from error


def reopen(data: bytes) -> Clean:
    """Return what `clean` once made, from its bytes, without drawing it a second time.

    Raises:
        PictureError: `data` is not a file that `clean` could have made.
    """
    try:
        image = _open(data)
        image.load()
    except BROKEN as error:
        raise PictureError("The stored picture cannot be read.") from error
    form: Literal["jpg", "png"] = "png" if image.format == "PNG" else "jpg"
    return Clean(data, form, image.width, image.height, _colour(image))


def renditions(picture: Clean) -> Iterator[tuple[Form, int, int, bytes]]:
    """Yield (form, width, height, bytes) for each size and form in which pages use it.

    Nothing is enlarged: a picture narrower than the widest size ends with its own width.
    """
    master = _open(picture.data)
    for width in widths(picture.width):
        height = max(1, round(picture.height * width / picture.width))
        sized = master.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        yield "avif", width, height, _saved(sized, "avif")
        yield "webp", width, height, _saved(sized, "webp")
        yield "jpg", width, height, _saved(_on_white(sized), "jpg")


def widths(own: int) -> tuple[int, ...]:
    """Return the widths, in pixels, at which a picture of this width is offered."""
    widest = min(own, WIDTHS[-1])
    return (*(width for width in WIDTHS if width < widest), widest)


def _clean(data: bytes) -> Clean:
    opened = _open(data)
    lossless = opened.format in ("PNG", "GIF")
    if opened.format == "JPEG":
        opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # decode no more than is kept
    image = _in_srgb(_upright(opened))
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    image = _pixels_alone(image)
    keeps_all = lossless or image.mode == "RGBA"
    out = BytesIO()
    if keeps_all:
        image.save(out, "PNG", compress_level=6)
    else:
        image.save(out, "JPEG", quality=90, progressive=True, optimize=True)
    form: Literal["jpg", "png"] = "png" if keeps_all else "jpg"
    return Clean(out.getvalue(), form, image.width, image.height, _colour(image))


def _open(data: bytes) -> Image.Image:
    """Open lazily, and refuse by what the header says before anything is decoded."""
    image = Image.open(BytesIO(data), formats=FORMATS)
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(
            f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. "
            "Make it smaller and send it again."
        )
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Turn as the camera's note says; a note that cannot be read turns nothing."""
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except BROKEN:
        return image


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return it as RGB, or RGBA where something shows through, in the web's colour space."""
    transparent = image.has_transparency_data
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode in ("P", "PA", "LA", "La", "RGBa", "1", "I", "F"):
        image = image.convert("RGBA" if transparent else "RGB")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _from_profile(image, profile)
    if not transparent:
        return image.convert("RGB")
    image = image.convert("RGBA")
    opaque = image.getchannel("A").getextrema() == (255, 255)
    return image.convert("RGB") if opaque else image


def _from_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert by the embedded profile; one that does not fit the pixels is passed over."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, *BROKEN):
        return image
    return converted or image


def _pixels_alone(image: Image.Image) -> Image.Image:
    """Copy the pixels into a picture that never saw the file: Pillow carries notes along."""
    return Image.frombytes(image.mode, image.size, image.tobytes())


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    page = Image.new("RGB", image.size, "white")
    page.paste(image, mask=image.getchannel("A"))
    return page


def _saved(image: Image.Image, form: Form) -> bytes:
    name, options = SAVED_AS[form]
    out = BytesIO()
    image.save(out, name, **options)
    return out.getvalue()


def _colour(image: Image.Image) -> str:
    """Return the commonest of its five main colours, as #rrggbb: the stand-in while it loads."""
    small = _on_white(image).resize((48, 48), Image.Resampling.BOX).quantize(5)
    counts = small.getcolors() or [(1, 0)]
    _, index = max(counts)
    palette = small.getpalette() or [0, 0, 0]
    assert isinstance(index, int)
    red, green, blue = palette[index * 3 : index * 3 + 3]
    return f"#{red:02x}{green:02x}{blue:02x}"
