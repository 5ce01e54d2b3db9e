"""Re-render a newsroom while it publishes: `python -m bench._behind DIR N`; writes JSON.

`python -m bench._behind DIR rerender` is the process that renders again.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench._publishing import _article
from tamizdat.site.boot import boot


def main(folder: Path, times: int) -> None:
    """Change the look, publish so many articles while it is printed, rename a section."""
    boot(folder)
    from tamizdat.press.actions import mark, publish, publish_soon
    from tamizdat.press.models import RerenderJob

    publish()
    _change_the_look(folder)
    mark("front:en")
    request = _timed(publish_soon)
    pages = RerenderJob.objects.count()
    command = (sys.executable, "-m", "bench._behind", str(folder), "rerender")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        published = [_timed(lambda number=number: _article(number)) for number in range(times)]
        said: dict[str, Any] = json.loads(other.communicate()[0])
    figures = {
        "rerender_request_s": request,
        "rerender_publish_meanwhile_p95_s": quantiles(published, n=20)[-1],
        "rerender_lock_longest_s": said["longest"],
        "rerender_s": said["seconds"],
        "rerender_pages": pages,
        "section_rename_request_s": _rename_a_section(),
    }
    print(json.dumps(figures))


def _timed(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _change_the_look(folder: Path) -> None:
    settings = folder / "tamizdat.toml"
    said = settings.read_text(encoding="utf-8")
    name = said.split('name = "')[1].split('"')[0]
    settings.write_text(said.replace(f'"{name}"', f'"{name}, renewed"', 1), encoding="utf-8")


def _rename_a_section() -> float:
    """Give the section with the most articles another name and address, as the desk saves it."""
    from django.db import transaction
    from django.db.models import Count

    from tamizdat.desk import models
    from tamizdat.press.models import ListEntry

    lists = ListEntry.objects.filter(list__startswith="section:").values_list("list")
    longest = lists.annotate(articles=Count("pk")).order_by("-articles")[0][0]
    section = models.Section.objects.get(pk=int(longest.rpartition(":")[2]))

    def save() -> None:
        with transaction.atomic():
            section.name, section.slug = f"{section.name} renamed", f"{section.slug}-renamed"
            section.save()

    return _timed(save)


def rerender(folder: Path) -> None:
    """Render everything again that waits, and say how long it took."""
    newsroom = boot(folder)
    from tamizdat.press.rerender.runner import Rerendering

    one = Rerendering(newsroom)
    seconds = _timed(one.carry_out)
    print(json.dumps({"seconds": seconds, "longest": one.longest.seconds}))


if __name__ == "__main__":
    if sys.argv[2] == "rerender":
        rerender(Path(sys.argv[1]))
    else:
        main(Path(sys.argv[1]), int(sys.argv[2]))
