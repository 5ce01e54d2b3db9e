"""Publish into a newsroom's folder and say what it cost: `python -m bench._publishing DIR N`."""

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

from tamizdat.site.boot import boot


def main(folder: Path, times: int) -> None:
    """Publish so many articles one by one, then print everything anew; write figures as JSON."""
    boot(folder)
    from tamizdat.press.actions import hold, publish

    publish()
    singles = []
    for number in range(times):
        before = _pages(folder)
        with hold():
            _article(number)
            started = time.perf_counter()
        seconds = time.perf_counter() - started
        singles.append({"seconds": seconds, **_difference(before, _pages(folder))})
    started = time.perf_counter()
    publish(full=True)
    print(json.dumps({"singles": singles, "full_s": time.perf_counter() - started}))


def _article(number: int) -> None:
    """Publish an article in the newsroom's first section, with the picture of another one."""
    from django.conf import settings

    from tamizdat.desk import models
    from tamizdat.desk.actions import articles
    from tamizdat.lib import clock

    language = settings.NEWSROOM.language
    rows = models.ArticlePage.objects.filter(locale__language_code=language, live=True)
    like = rows.exclude(lead_picture=None).order_by("pk")[0]
    article = models.ArticlePage(
        title=f"Measured, number {number}",
        standfirst="What one more article costs.",
        section=like.section,
        lead_picture=like.lead_picture,
        lead_alt="A scene.",
        lead_caption="A scene.",
        body=[("text", "<p>One of many words.</p>" * 80)],
    )
    articles.bring_in(article, language, published=clock.now())


def _pages(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return every output file's inode, and an article's bytes."""
    root = (folder / "edition" / "current").resolve()
    found = {}
    for file in root.rglob("*"):
        path = str(file.relative_to(root))
        if file.is_file() and not path.startswith("edition/manifest"):
            is_article = re.match(r"[a-z]+/\d{4}/", path)
            found[path] = (file.stat().st_ino, file.read_bytes() if is_article else b"")
    return found


def _difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """Count what was written, and articles that were written without need."""
    written = {path for path in after if after[path][0] != before.get(path, (0,))[0]}
    old = {path for path in written & before.keys() if re.match(r"[a-z]+/\d{4}/", path)}
    needless = [path for path in old if b"Measured, number" not in after[path][1]]
    return {"written": len(written), "needless": len(needless)}


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
