"""Print a newsroom alone, then by a crew, and say where they differ: `python -m … FOLDER`.

A process of its own, because only a process with one thread shares its work out.
"""

import os
import shutil
import sys
from pathlib import Path

from tamizdat.press.tests.conftest import EditionRead, changed
from tamizdat.site.boot import boot

ARTICLES = 12


def main(folder: Path) -> int:
    """Return 0 if every file is the same, and all needs, and several processes printed."""
    newsroom = boot(folder)

    from tamizdat.press.actions import hold, publish
    from tamizdat.press.build import workers
    from tests.newsdesk import NewsDesk

    workers.Renderer.print = _signing(workers.Renderer.print, folder)
    desk = NewsDesk(newsroom)
    with hold():
        _write_articles(desk)
    publish(full=True)
    alone, dependencies_alone = (
        EditionRead(newsroom.edition / "current").output_files(),
        _dependencies(),
    )
    signed_alone = len(list(folder.glob("printer-*")))
    shutil.rmtree(newsroom.edition)

    workers.MANY, workers.PORTION = 1, 4
    publish(full=True)
    together = EditionRead(newsroom.edition / "current").output_files()
    numbered = ("index.html", "en/index.html", "fa/index.html", "edition/index.html")
    differ = changed(alone, together).difference(numbered) | (dependencies_alone ^ _dependencies())
    signed = len(list(folder.glob("printer-*")))
    sys.stdout.write(f"{signed_alone} printed alone, {signed} in all; different: {differ}\n")
    missed = _edited_meanwhile(newsroom, desk).difference(numbered)
    sys.stdout.write(f"missed of what was edited while it was printed: {missed}\n")
    return 0 if signed > signed_alone and not (differ or missed) else 1


def _edited_meanwhile(newsroom, desk):
    """Edit while everything is printed; return what the edition then lacks or has too much."""
    from tamizdat.desk.models import ArticlePage, Section, Topic
    from tamizdat.press.actions import hold, publish
    from tamizdat.press.build import workers
    from tamizdat.press.pages.kinds import listing

    listing.MANY = 1  # or the lists are not read ahead
    own = workers.render_all

    def once(*arguments):
        workers.render_all = own
        with hold():
            ArticlePage.objects.get(title="Story 3").unpublish()
            river = Topic.objects.get(name="The river", locale__language_code="en")
            desk.article("Story of the last minute", topics=[river])
            section = Section.objects.order_by("pk")[0]
            section.name, section.slug = "Renamed", "renamed"
            section.save()
        own(*arguments)

    workers.render_all = once
    publish(full=True)
    edited = EditionRead(newsroom.edition / "current").output_files()
    publish(full=True)
    return changed(edited, EditionRead(newsroom.edition / "current").output_files())


def _dependencies():
    from tamizdat.press.models import Dependency

    return set(Dependency.objects.values_list("job", "key"))


def _write_articles(desk):
    river, who = desk.topic("The river"), desk.person("I. Maran")
    for number in range(ARTICLES):
        lead = {
            "lead_picture": desk.picture(f"#33669{number % 2}"),
            "lead_alt": "A",
            "lead_caption": "B",
        }
        desk.article(f"Story {number}", topics=[river], people=[who], **lead)


def _signing(own, folder):
    def signing(printer, run, jobs):
        (folder / f"printer-{os.getpid()}").touch()
        own(printer, run, jobs)

    return signing


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
