"""Photographs every template with invented values.

    PYTHONPATH=. python tests/journeys/gallery.py OUT [WHICH]

OUT gets the pages as files (open them) and a picture of each at three widths, by day and by night.
WHICH is a part of a path like "fa/front"; without it everything is photographed.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

CHROMIUM = "/usr/bin/chromium-headless-shell"
WIDTHS = (360, 768, 1280)
SETTINGS = """
[newsroom]
name = "The Weighhouse"
languages = ["en"]
[addresses]
edition = "http://127.0.0.1:8140"
counter = "http://127.0.0.1:8141"
desk = "http://127.0.0.1:8142"
till = "http://127.0.0.1:8143"
"""


def open_house(folder: Path) -> None:
    """Let Django start: the press reads what the desk publishes, even for invented pages."""
    import django

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tamizdat.toml").write_text(SETTINGS, encoding="utf-8")
    os.environ["TAMIZDAT_NEWSROOM"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"
    django.setup()


def render(folder: Path) -> list[Path]:
    """Write all specimens in all languages and return their files."""
    from tamizdat.lib.theme import Theme
    from tests.journeys.specimens import Specimens, newsroom

    theme = Theme(newsroom(folder))
    made = []
    for language in theme.newsroom.languages:
        (folder / language).mkdir(parents=True, exist_ok=True)
        shown = Specimens(theme, folder, language).everything()
        for policy in ("careful", "never"):
            other = Specimens(theme, folder, language, policy)
            shown[f"article-{policy}.html"] = other.print(other.article())
        for name, html in shown.items():
            path = folder / language / name
            path.write_text(html, encoding="utf-8")
            made.append(path)
    return made


def photograph(context: BrowserContext, path: Path, name: str) -> None:
    """Take a picture of one page at each width, with all its own pictures loaded."""
    tab = context.new_page()
    tab.on("console", lambda said: sys.stderr.write(f"{path.name}: {said.text}\n"))
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(path.as_uri())
        tab.evaluate("document.querySelectorAll('[loading]').forEach(i => i.loading = 'eager')")
        tab.evaluate("Promise.all([...document.images].map(i => i.decode()))")
        tab.screenshot(path=f"{name}-{width}.png", full_page=True)
    tab.close()


def main(folder: Path, wanted: str) -> None:
    """Render everything and photograph what is wanted."""
    open_house(folder)
    pages = [path for path in render(folder) if wanted in f"{path.parent.name}/{path.name}"]
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        for scheme in ("light", "dark"):
            context = browser.new_context(color_scheme=scheme)
            for path in pages:
                photograph(context, path, str(folder / f"{path.parent.name}-{path.stem}-{scheme}"))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "")
