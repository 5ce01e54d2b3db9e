"""Fill the site from stories.json: `python -m news.load`."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
django.setup()

from django.conf import settings  # noqa: E402  after the set-up
from wagtail.models import Page, Site  # noqa: E402  after the set-up

from news.models import Front, Section, Story  # noqa: E402  after the set-up


def main():
    said = json.loads((settings.PLACE / "stories.json").read_text())
    Site.objects.all().delete()
    Page.objects.get(depth=2).delete()  # Wagtail's own welcome
    first = next(iter(said["languages"]))
    home = Front(title="Home", slug="home", language=first, direction=said["languages"][first])
    Page.get_first_root_node().add_child(instance=home)
    parents = {}
    for language, direction in said["languages"].items():
        front = Front(title=language, slug=language, language=language, direction=direction)
        home.add_child(instance=front)
        for slug, name in said["sections"][language].items():
            section = Section(title=name, slug=slug, language=language, direction=direction)
            front.add_child(instance=section)
            parents[language, slug] = section
    for story in said["stories"]:
        parent = parents[story["language"], story.pop("section")]
        parent.add_child(instance=Story(**story, direction=parent.direction))
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


main()
