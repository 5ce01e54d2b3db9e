"""What pictures cost the desk: hostile ones in memory, an honest one in time."""

import io
import tempfile
import time
from pathlib import Path
from statistics import median

from PIL import Image

from bench._picture_desk import Desk, Watch, is_taken, send_all, served
from bench._rows import Row, row
from tests.picture_bombs import bombs

AT_ONCE = 3
BOMB_LIMIT_MB = 400.0
SECONDS_LIMIT = 15.0
TIMES = 5
CAMERA, SMALL = (6000, 4000), (1200, 800)


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` sends a few and judges nothing."""
    with (
        tempfile.TemporaryDirectory(prefix="tamizdat-bench-") as place,
        served(Path(place)) as desk,
    ):
        hostile = dict(list(bombs().items())[: 2 if smoke else None])
        with Watch(desk) as watch:
            send_all(desk, hostile, AT_ONCE)
        photo = _photo(SMALL if smoke else CAMERA)
        seconds = [_seconds(desk, photo) for _ in range(1 if smoke else TIMES)]
    return [
        row("picture_bomb_mb", watch.most_mb, "MB", BOMB_LIMIT_MB),
        row("picture_bomb_other_page_s", watch.slowest_s, "s"),
        row("picture_upload_s", median(seconds), "s", SECONDS_LIMIT),
    ]


def _photo(size: tuple[int, int]) -> bytes:
    """Return a JPEG as large as a camera makes them, with something to see everywhere."""
    out = io.BytesIO()
    grain = Image.effect_noise((600, 400), 40).convert("RGB")
    grain.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=90)
    return out.getvalue()


def _seconds(desk: Desk, photo: bytes) -> float:
    """Upload a photo and return how long that took, its sizes for pages included."""
    started = time.perf_counter()
    if not is_taken(desk.upload("photo.jpg", photo)):
        raise RuntimeError("the desk did not take the photo")
    return time.perf_counter() - started
