"""Write a newsroom out as a site for Hugo: `python -m bench.peer.export NEWSROOM SITE`.

Hugo gets more than a newsroom would give it: bodies as finished, clean HTML instead of a database
and rich text, pictures in all their sizes, and links whose ends are known.
"""

import html
import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.peer import house
from tamizdat.site.boot import boot

HUGO = Path(__file__).parent / "hugo"
AT_ONCE = 200
LINK = re.compile(r'<a href="(article|plain):(\d+)">(.*?)</a>', re.DOTALL)
Front = dict[str, Any]


class Site:
    """A site for Hugo in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        """Copy our layouts into `folder`, which is made anew."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(HUGO, folder)
        self.folder = folder
        self.months: set[tuple[str, datetime]] = set()

    def write(self, path: str, front: Front, text: str = "") -> None:
        """Write a page: its front matter as JSON, then its text."""
        file = self.folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{json.dumps(front, ensure_ascii=False)}\n{text}", encoding="utf-8")

    def data(self, name: str, said: Any) -> None:
        """Write a data file."""
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def main(newsroom: Path, folder: Path) -> None:
    """Write the newsroom's published articles, lists and pictures as a site for Hugo."""
    languages = boot(newsroom).languages
    site = Site(folder)
    paths = _paths(languages)
    for language in languages:
        for article in _articles(language):
            _story(site, article, paths)
        _keepers(site, language)
        _plains(site, language)
    _months(site)
    site.data("data/pictures.json", house.pictures(folder / "static"))
    for language in languages:
        site.data(f"data/house/{language}.json", house.house(language, HUGO / "layouts"))
        site.data(f"i18n/{language}.json", house.words(language))
    (folder / "static/robots.txt").write_text("User-agent: *\nDisallow:\n", encoding="utf-8")
    (folder / "static/favicon.svg").write_text(house.sign(), encoding="utf-8")


def _articles(language: str) -> Iterator[Any]:
    from tamizdat.desk import published

    ids = published.live_ids(language)
    for start in range(0, len(ids), AT_ONCE):
        yield from published.articles(ids[start : start + AT_ONCE]).values()


def _paths(languages: Iterable[str]) -> dict[str, str]:
    """Return where each article and plain page stands ("article:12"), for links."""
    from tamizdat.desk import published
    from tamizdat.desk.models import ArticlePage

    rows = ArticlePage.objects.filter(live=True).values_list("pk", "place")
    plains = (plain for language in languages for plain in published.plains(language))
    return {f"article:{pk}": place for pk, place in rows} | {
        f"plain:{plain.id}": plain.path for plain in plains
    }


def _story(site: Site, article: Any, paths: dict[str, str]) -> None:
    card = article.card
    site.months.add((card.language, card.published.replace(day=1, hour=0, minute=0, second=0)))
    uses: list[dict[str, Any]] = []
    text = "\n".join(_block(block, uses, paths, article) for block in article.body)
    twins = sorted([card.path, *(path for _, path in article.translations)])
    front = {
        "type": "story",
        "title": card.headline,
        "date": card.published.isoformat(),
        "lastmod": (article.updated or card.published).isoformat(),
        "updated": article.updated is not None,
        "translationKey": twins[0],
        "standfirst": card.standfirst,
        "kicker": card.kicker,
        "label": card.kicker or (card.section.name if card.section else ""),
        "names": card.names,
        "section": [card.section.slug] if card.section else [],
        "topic": [topic.slug for topic in article.topics],
        # Beside the slugs, so that Hugo need not look for the names: `.GetTerms` walks all terms.
        "filed": {
            "section": _named(card.section) if card.section else None,
            "topics": [_named(topic) for topic in article.topics],
        },
        "person": list(dict.fromkeys(byline.person.slug for byline in article.bylines)),
        "by": [
            {"name": byline.person.name, "slug": byline.person.slug, "role": byline.role}
            for byline in article.bylines
        ],
        "lead": _use(card.lead) if card.lead else None,
        "uses": uses,
        "corrections": [
            {"at": fix.at.isoformat(), "text": fix.text} for fix in article.corrections
        ],
        "words": article.words,
        "sensitive": card.sensitive,
    }
    site.write(card.path, {name: value for name, value in front.items() if value}, text)


def _block(block: Any, uses: list[dict[str, Any]], paths: dict[str, str], article: Any) -> str:
    kind = type(block).__name__
    if kind == "Text":
        text = _linked(block.html, paths)
        if block is article.body[0] and article.dateline:
            place = f'<p><span class="place">{html.escape(article.dateline)} —</span> '
            return text.replace("<p>", place, 1)
        return text
    if kind == "Heading":
        anchor = re.sub(r"[^\w]+", "-", block.text.casefold()).strip("-")
        return f'<h2 id="{anchor}">{html.escape(block.text)}</h2>'
    if kind == "Quote":
        return f"<blockquote><p>{html.escape(block.text)}</p></blockquote>"
    if kind == "Items":
        return f"<ul>{''.join(f'<li>{_linked(item, paths)}</li>' for item in block.items)}</ul>"
    assert kind == "Figure", f"archives hold no {kind}"
    uses.append(_use(block.use))
    return f"{{{{< figure {len(uses) - 1} >}}}}"


def _linked(text: str, paths: dict[str, str]) -> str:
    """Put own links in the form that Hugo checks; one that leads nowhere becomes its words."""

    def link(found: re.Match[str]) -> str:
        path = paths.get(f"{found[1]}:{found[2]}")
        way = path and path.partition("/")[2]
        return f'<a href="{{{{< relref "/{way}" >}}}}">{found[3]}</a>' if way else found[3]

    return LINK.sub(link, text)


def _named(one: Any) -> dict[str, str]:
    return {"slug": one.slug, "name": one.name}


def _use(use: Any) -> dict[str, Any]:
    return {"picture": use.picture.id, "caption": use.caption, "alt": use.alt}


def _keepers(site: Site, language: str) -> None:
    """Write what sections, topics and people are called."""
    from tamizdat.desk import published

    label = house.words(language)["topic_label"]
    for kind, every in (
        ("section", published.sections(language)),
        ("topic", published.topics(language)),
        ("person", published.people(language)),
    ):
        for one in every:
            front = {"title": one.name} | ({"label": label} if kind == "topic" else {})
            site.write(f"{language}/{kind}/{one.slug}/_index.md", front)


def _plains(site: Site, language: str) -> None:
    from tamizdat.desk import published

    site.write(f"{language}/_index.md", {"title": house.NAME})
    site.write(
        f"{language}/archive.html", {"type": "archive", "title": house.text("Archive", language)}
    )
    for plain in published.plains(language):
        text = "\n".join(block.html for block in plain.body if hasattr(block, "html"))
        front = {"type": "plain", "title": plain.title, "lastmod": plain.updated.isoformat()}
        site.write(plain.path, front, _linked(text, {}))


def _months(site: Site) -> None:
    """Write a list of each month's articles, knowing the months before and after it."""
    for language in {language for language, _ in site.months}:
        starts = sorted(start for spoken, start in site.months if spoken == language)
        for older, start, newer in zip([None, *starts], starts, [*starts[1:], None], strict=False):
            front = {
                "title": f"{start:%Y-%m}",
                "label": house.text("Archive", language),
                "start": start.isoformat(),
                "older": f"/{language}/{older:%Y/%m}.html" if older else None,
                "newer": f"/{language}/{newer:%Y/%m}.html" if newer else None,
            }
            site.write(f"{language}/{start:%Y/%m}/_index.md", front)
        for year in {start.year for start in starts}:
            hidden = {"_build": {"render": "never", "list": "never"}}
            site.write(f"{language}/{year}/_index.md", {"title": str(year)} | hidden)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
