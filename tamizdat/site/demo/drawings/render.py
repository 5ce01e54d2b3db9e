"""Pull the drawings: every SVG beside this file becomes `../pictures/<slug>.jpg`.

`python -m tamizdat.site.demo.drawings.render [slug ...]`; without slugs, all of them.
A drawing is one grey painting (`#block`) that two filters cut into two inks over flat colour.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
PICTURES = HERE.parent / "pictures"
WIDTH, HEIGHT = 1920, 1280
QUALITY = 72
FINER = 2  # cut edges are drawn at twice the size and come out clean when made smaller


def pull(browser: Browser, drawing: Path) -> Image.Image:
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=FINER)
    page.goto(drawing.as_uri())
    sheet = page.screenshot()
    page.close()
    return (
        Image.open(BytesIO(sheet)).convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    )


def save(picture: Image.Image, slug: str) -> None:
    """Write the JPEG with nothing in it but the picture; hatching needs no finer quality."""
    PICTURES.mkdir(exist_ok=True)
    picture.save(
        PICTURES / f"{slug}.jpg",
        quality=QUALITY,
        optimize=True,
        progressive=True,
        subsampling="4:2:0",
    )


def main(slugs: list[str]) -> None:
    drawings = [HERE / f"{slug}.svg" for slug in slugs] or sorted(HERE.glob("*.svg"))
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for drawing in drawings:
            save(pull(browser, drawing), drawing.stem)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
