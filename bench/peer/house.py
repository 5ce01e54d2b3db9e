"""What stands around every page, given to Hugo ready-made: style, boxes, words, pictures."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tamizdat.lib.theme import direction, theme
from tamizdat.lib.theme.stylesheet import shade

NAME = "The Long Shelf"
WORDS = {
    "skip": "Skip to the text",
    "newsletter": "Newsletter",
    "languages": "Languages",
    "sections": "Sections",
    "about": "About this newsroom",
    "archive": "Archive",
    "edition": "This edition, and how to check it",
    "check": "check it",
    "photographs": "Photographs:",
    "translation": "Translation:",
    "read_in": "Read this in:",
    "updated": "Updated",
    "corrections": "Corrections",
    "read_more": "Read more",
    "articles": "Articles",
    "older_newer": "Older and newer",
    "older": "Older articles",
    "newer": "Newer articles",
    "latest": "Latest",
    "topic": "Topics",
    "topic_label": "Topic",
    "person": "People",
    "last_changed": "Last changed:",
    "no_page": "There is no such page",
    "no_page_why": "The address may be mistyped, or we have withdrawn what stood here.",
    "front": "Go to the front page",
    "look": "Look in the archive",
}
LAYOUTS = {
    "story": ("_default/single.html", "partials/figure.html", "partials/card.html"),
    "list": ("_default/list.html", "partials/card.html"),
    "home": ("index.html", "partials/card.html"),
    "plain": ("plain/single.html",),
    "archive": ("archive/single.html",),
    "404": ("404.html",),
}
AROUND = ("_default/baseof.html", "partials/tongues.html", "partials/sections.html")
# What the layouts make without its standing in them as it will stand on the pages.
SAMPLE = (
    '<blockquote></blockquote><footer class="site"></footer><i class="k00 k11"></i>'
    '<figure class="lead"><img src=""></figure><ul class="grid three"><li class="card">'
    '<h3><a href=""></a></h3></li><article class="card"><h2><a href=""></a></h2></article></ul>'
)
TYPES = {"avif": "image/avif", "webp": "image/webp"}


def text(words: str, language: str) -> str:
    """Return a word of the theme in a language."""
    return theme().text(words, language)


def words(language: str) -> dict[str, str]:
    """Return all words that the layouts use."""
    return {key: text(said, language) for key, said in WORDS.items()}


def sign() -> str:
    """Return the newsroom's sign."""
    return str(theme().sign)


def house(language: str, layouts: Path) -> dict[str, Any]:
    """Return what a language's pages share: its style by kind of page, its sections, its boxes."""
    from tamizdat.desk import published

    boxes = {slot: _fragment(slot, language) for slot in ("appeal", "front")}
    return {
        "dir": direction(language),
        "locale": {"en": "en_US", "ru": "ru_RU", "fa": "fa_IR"}[language],
        "sections": [{"slug": of.slug, "name": of.name} for of in published.sections(language)],
        "plains": [
            {"path": plain.path, "title": plain.title}
            for plain in published.plains(language)
            if plain.in_footer
        ],
        "appeal": boxes["appeal"],
        "boxes": boxes["front"],
        "looks": {
            kind: _look(language, _markup(layouts, (*AROUND, *files), boxes))
            for kind, files in LAYOUTS.items()
        },
    }


def pictures(static: Path) -> dict[str, Any]:
    """Return every picture's forms by its number, and link their files into `static`."""
    from tamizdat.desk.models import Picture
    from tamizdat.desk.published.pictures import value

    (static / "pictures").mkdir(parents=True)
    every = {row.pk: value(row) for row in Picture.objects.all() if row.variants}
    for picture in every.values():
        for one in picture.renditions:
            os.link(one.file, static / one.path) if _same_disk(one.file, static) else (
                (static / one.path).write_bytes(one.file.read_bytes())
            )
    return {str(number): _picture(picture) for number, picture in every.items()}


def _same_disk(file: Path, folder: Path) -> bool:
    return file.stat().st_dev == folder.stat().st_dev


def _picture(picture: Any) -> dict[str, Any]:
    jpegs = [one for one in picture.renditions if one.form == "jpg"]
    widest = max(jpegs, key=lambda one: one.width)
    return {
        "sources": [
            {
                "type": type_,
                "srcset": ", ".join(
                    f"/{one.path} {one.width}w" for one in picture.renditions if one.form == form
                ),
            }
            for form, type_ in TYPES.items()
        ],
        "src": f"/{widest.path}",
        "shared": {"path": widest.path, "width": widest.width, "height": widest.height},
        "width": picture.width,
        "height": picture.height,
        "credit": picture.credit,
        "shade": shade(picture.colour),
    }


def _fragment(slot: Any, language: str) -> str:
    """Return what the parts put into a slot, with links from the root."""
    from tamizdat.press.pages.fragments import Fragments, place_key

    kind = "front" if slot == "front" else "article"
    made = Fragments().at(slot, place_key(language, kind, None, sensitive=False))
    return made.replace('="edition:', '="/')


def _markup(layouts: Path, files: Iterable[str], boxes: dict[str, str]) -> str:
    """Return markup that uses what the pages of these layouts use."""
    read = [(layouts / file).read_text(encoding="utf-8") for file in files]
    return "".join([*read, *boxes.values(), SAMPLE])


def _look(language: str, markup: str) -> dict[str, str]:
    made = theme()
    return {
        "style": str(made.style(markup, language=language)),
        "script": str(made.script(markup)),
        "policy": made.policy(markup, language=language).unescape(),
    }
