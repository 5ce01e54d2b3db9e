"""A library of small pictures, drawn from the seed and taken in as the desk takes in any."""

import random
from io import BytesIO

from PIL import Image, ImageDraw

MOST = 60
FEWEST = 6
SHARE = 30  # articles for one more picture: a small archive should not wait for drawings
SIZE = (640, 427)


def fill(seed: int, articles: int) -> list[int]:
    """Draw the pictures of an archive of so many articles, take them in, and return their ids."""
    from tamizdat.desk.actions.pictures import take_in

    rng = random.Random(f"library {seed}")
    return [
        take_in(
            _drawing(rng),
            f"drawing-{number:02}.png",
            title=f"Drawing {number}",
            credit=f"Drawn for the archive, {number}",
        ).pk
        for number in range(1, min(MOST, FEWEST + articles // SHARE) + 1)
    ]


def _drawing(rng: random.Random) -> bytes:
    """Return a picture of bands and shapes as a JPEG, so that it becomes no large lossless one."""
    image = Image.linear_gradient("L").resize(SIZE).convert("RGB")
    pen = ImageDraw.Draw(image, "RGBA")
    for _ in range(24):
        x, y, size = rng.randrange(SIZE[0]), rng.randrange(SIZE[1]), rng.randrange(30, 200)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256), 170)
        draw = rng.choice((pen.ellipse, pen.rectangle))
        draw((x - size, y - size // 2, x, y + size // 2), fill=colour)
    out = BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
