"""What decoding a picture takes, by what its header says: asked before anything is decoded.

The figures are measured: the least RLIMIT_DATA with which 24 megapixels of each kind are cleaned.
A file may lie, or be stored in a way that takes more; behind this stands the process's own limit.
"""

from typing import Any

from PIL import Image

from tamizdat.lib.pictures.values import LONG_SIDE, PictureError

MOST_PIXELS = 210_000_000  # the largest sensors of telephones have 200 million
MOST_MEMORY = 200_000_000  # bytes: heap, stacks and private maps of the process that decodes
TOO_MANY_PIXELS = (
    f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. "
    "Make it smaller and send it again."
)
START = 15_000_000  # bytes: the interpreter with its picture libraries
RESULT = 60_000_000  # bytes: to resize, convert and save at the size that is kept
DECODER = {"AVIF": 9.5, "HEIF": 5.5, "WEBP": 16.5}  # bytes a pixel until it is decoded
COEFFICIENT = 2  # bytes: a progressive JPEG holds all of them until its last scan
BEFORE_RESIZING = {"1": 6, "L": 1, "LA": 12, "P": 5, "PA": 12, "RGBA": 8, "I": 8, "F": 8}


def check(image: Image.Image, length: int) -> None:
    """Refuse an opened picture, from a file of `length` bytes, that cannot be decoded in bounds.

    Raises:
        PictureError: it has too many pixels, or too many for a file of its kind.
    """
    if image.width * image.height > MOST_PIXELS:
        raise PictureError(TOO_MANY_PIXELS)
    if needed(image, length) > MOST_MEMORY:
        raise PictureError(
            f"The picture has {image.width} by {image.height} pixels: too many for a file of its "
            "kind. Save it as a JPEG that is not progressive, or make it smaller, and send it "
            "again."
        )


def needed(image: Image.Image, length: int) -> float:
    """Return the bytes that it takes to clean an opened picture."""
    kept = _pixels_kept(image) * _bytes_a_pixel(image)
    decoder = image.width * image.height * DECODER.get(image.format or "", 0.0)
    if image.format == "JPEG" and "progressive" in image.info:
        decoder = _coefficients(image) * COEFFICIENT + kept
    return START + length + max(decoder, kept + RESULT)


def _pixels_kept(image: Image.Image) -> int:
    """Return how many pixels are decoded: a JPEG can be at a half, a fourth or an eighth."""
    if image.format != "JPEG":
        return image.width * image.height
    times = max(image.size) // LONG_SIDE
    scale = next(scale for scale in (8, 4, 2, 1) if times >= scale or scale == 1)
    return image.width * image.height // scale**2


def _bytes_a_pixel(image: Image.Image) -> int:
    """Return what a pixel takes from decoding to resizing; some are converted in between."""
    if "transparency" in image.info:
        return 13
    return BEFORE_RESIZING.get(image.mode, 8 if image.mode.startswith("I;16") else 4)


def _coefficients(image: Any) -> int:
    """Return how many a JPEG has: those of colours are fewer where it is subsampled."""
    areas = [across * down for _, across, down, _ in image.layer]
    return int(image.width * image.height * sum(areas) / max(areas, default=1))
