"""Decode a file from outside, draw its pixels anew, and draw the sizes that pages use.

A photograph carries where it was taken, by which camera and whom it belongs to. Cleaning
keeps nothing of the file: it draws the pixels anew, upright and in sRGB, into a new one.

Only `process` and tests call this: a hostile file may take all memory that there is.
"""

import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import pillow_heif
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from tamizdat.lib.pictures import costs
from tamizdat.lib.pictures.values import (
    DAMAGED,
    FORMS,
    LONG_SIDE,
    TOO_MUCH,
    Clean,
    Form,
    PictureError,
    sizes,
)

STRIP = 64  # rows of the smaller picture that are made at a time
THREADS = 2  # of a decoder: each takes 8 MB for its stack, on machines with many cores, too
pillow_heif.register_heif_opener(
    thumbnails=False, depth_images=False, aux_images=False, decode_threads=THREADS
)
AvifImagePlugin.DEFAULT_MAX_THREADS = THREADS
Image.MAX_IMAGE_PIXELS = costs.MOST_PIXELS

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "HEIF")
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


def clean(data: bytes) -> Clean:
    """Return the picture alone, as `pictures.clean` says.

    Raises:
        PictureError: it is no picture of a kind we know, is broken, or is too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _clean(data)
    except Image.DecompressionBombError as error:
        raise PictureError(costs.TOO_MANY_PIXELS) from error
    except MemoryError as error:
        raise PictureError(TOO_MUCH) from error
    except BROKEN as error:
        raise PictureError(DAMAGED) from error


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


def renditions(data: bytes) -> Iterator[tuple[Form, int, int, bytes]]:
    """Yield (form, width, height, bytes) for each size and form in which pages use it.

    Nothing is enlarged: a picture narrower than the widest size ends with its own width.
    """
    master = _open(data)
    for width, height in sizes(master.width, master.height):
        sized = master.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        for form in FORMS:
            yield form, width, height, _saved(_on_white(sized) if form == "jpg" else sized, form)


@dataclass(frozen=True, slots=True)
class _Notes:
    """What a file says of its pixels, kept when they are gone."""

    lossless: bool
    transparent: bool
    profile: bytes | None
    turned: int  # as EXIF counts: 1 is upright


def _clean(data: bytes) -> Clean:
    image, notes = _decoded(data)
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    image = _upright(_in_srgb(image, notes), notes.turned)
    keeps_all = notes.lossless or image.mode == "RGBA"
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
    costs.check(image, len(data))
    return image


def _decoded(data: bytes) -> tuple[Image.Image, _Notes]:
    """Decode, not much larger than it is kept, and let go of all pixels that are too many."""
    opened = _open(data)
    factor = max(1, max(opened.size) // LONG_SIDE)
    if opened.format == "HEIF":
        image = _small_heif(data, factor)
    else:
        if opened.format == "JPEG":
            opened.draft("RGB", (opened.width // factor, opened.height // factor))
        opened.load()
        image = _resizable(opened)
        factor = max(1, max(image.size) // LONG_SIDE)
        image = image.reduce(factor) if factor > 1 else image
    lossless = opened.format in ("PNG", "GIF")
    profile = opened.info.get("icc_profile")
    return image, _Notes(lossless, opened.has_transparency_data, profile, _turned(opened))


def _turned(opened: Image.Image) -> int:
    """Return how the camera was held; a note that cannot be read turns nothing."""
    try:
        return int(opened.getexif().get(ExifTags.Base.Orientation, 1))
    except BROKEN:
        return 1


def _small_heif(data: bytes, factor: int) -> Image.Image:
    """Decode a HEIC file and make it smaller strip by strip, or it would stand in memory twice."""
    file = pillow_heif.open_heif(BytesIO(data), convert_hdr_to_8bit=True)
    heif = file[file.primary_index]
    pixels, stride, mode = memoryview(heif.data), heif.stride, heif.mode
    width, height = heif.size
    small = Image.new(mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, STRIP * factor):
        rows = min(STRIP * factor, height - top)
        strip = pixels[top * stride : (top + rows) * stride]
        full = Image.frombytes(mode, (width, rows), strip, "raw", mode, stride)
        small.paste(full.reduce(factor), (0, top // factor))
    return small


def _resizable(image: Image.Image) -> Image.Image:
    """Return it with pixels that can be mixed; most can be as they are, and are not copied."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    keyed = image.mode in ("RGB", "L") and "transparency" in image.info
    if keyed or image.mode in ("P", "PA", "LA", "La", "RGBa", "1", "I", "F"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image


def _upright(image: Image.Image, turned: int) -> Image.Image:
    alone = _pixels_alone(image)
    if turned == 1:
        return alone
    alone.getexif()[ExifTags.Base.Orientation] = turned
    return _pixels_alone(ImageOps.exif_transpose(alone))


def _in_srgb(image: Image.Image, notes: _Notes) -> Image.Image:
    """Return it as RGB, or RGBA where something shows through, in the web's colour space."""
    if notes.profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        image = _from_profile(image, notes.profile)
    if not notes.transparent:
        return image if image.mode == "RGB" else image.convert("RGB")
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
