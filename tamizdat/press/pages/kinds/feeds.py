"""A language's three feeds: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1. A subject is a language.

They say nothing of when they were made, so an edition that changes nothing in them leaves
their bytes alone.
"""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET

from tamizdat.desk import published
from tamizdat.lib import paths
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, RenderedFile
from tamizdat.press.pages.feed_entries import Entry, entry, legal
from tamizdat.press.pages.links import Links

FORMS = ("rss.xml", "atom.xml", "json")
LENGTH = 20  # articles
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  # what an empty feed was updated at
ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
CREATOR = "http://purl.org/dc/elements/1.1/"
for _prefix, _space in (("atom", ATOM), ("content", CONTENT), ("dc", CREATOR)):
    ET.register_namespace(_prefix, _space)


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where a language's feeds stand."""
    if subject not in repository.newsroom.languages:
        return []
    return [OutputPath(paths.feed(subject, form), subject, "feed") for form in FORMS]


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the three feeds of the newest articles."""
    links = Links("", run.link_index, base=run.origin)
    newest = [card.id for card in run.repository.latest(subject, LENGTH)]
    run.link_index.look_up(f"article:{number}" for number in newest)
    found = published.articles(number for number in newest if links.article(number))
    entries = [entry(run, found[number], links) for number in newest if number in found]
    made = {
        "rss.xml": _xml(_rss(run, subject, entries)),
        "atom.xml": _xml(_atom(run, subject, entries)),
        "json": _json(run, subject, entries),
    }
    files = [RenderedFile(paths.feed(subject, form), raw) for form, raw in made.items()]
    return Rendered(files).note([links])


def _rss(run: RenderContext, language: str, entries: list[Entry]) -> ET.Element:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    newsroom = run.newsroom.in_language(language)
    _add(channel, "title", legal(newsroom.name))
    _add(channel, "link", run.address(paths.front(language)))
    _add(channel, "description", legal(newsroom.look.tagline.get(language, newsroom.name)))
    _add(channel, "language", language)
    own = run.origin + paths.feed(language, "rss.xml")
    ET.SubElement(channel, f"{{{ATOM}}}link", href=own, rel="self", type="application/rss+xml")
    for one in entries:
        _rss_item(channel, one)
    return root


def _rss_item(channel: ET.Element, one: Entry) -> None:
    item = ET.SubElement(channel, "item")
    _add(item, "title", one.title)
    _add(item, "link", one.address)
    _add(item, "guid", one.address, isPermaLink="true")
    _add(item, "pubDate", format_datetime(one.published))
    _add(item, "description", one.summary)
    for name in one.names:
        _add(item, f"{{{CREATOR}}}creator", name)
    for tag in one.tags:
        _add(item, "category", tag)
    _add(item, f"{{{CONTENT}}}encoded", one.html)


def _atom(run: RenderContext, language: str, entries: list[Entry]) -> ET.Element:
    own = run.origin + paths.feed(language, "atom.xml")
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    _add(root, "id", own)
    name = legal(run.newsroom.in_language(language).name)
    _add(root, "title", name)
    _add(root, "updated", _moment(max((one.updated for one in entries), default=BEGINNING)))
    ET.SubElement(root, "link", rel="self", href=own)
    ET.SubElement(root, "link", rel="alternate", href=run.address(paths.front(language)))
    _add(ET.SubElement(root, "author"), "name", name)
    for one in entries:
        _atom_entry(root, one)
    return root


def _atom_entry(root: ET.Element, one: Entry) -> None:
    item = ET.SubElement(root, "entry")
    _add(item, "id", one.address)
    _add(item, "title", one.title)
    ET.SubElement(item, "link", rel="alternate", href=one.address)
    _add(item, "published", _moment(one.published))
    _add(item, "updated", _moment(one.updated))
    for name in one.names:
        _add(ET.SubElement(item, "author"), "name", name)
    for tag in one.tags:
        ET.SubElement(item, "category", term=tag)
    _add(item, "summary", one.summary)
    _add(item, "content", one.html, type="html")


def _json(run: RenderContext, language: str, entries: list[Entry]) -> bytes:
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": run.newsroom.in_language(language).name,
        "home_page_url": run.address(paths.front(language)),
        "feed_url": run.origin + paths.feed(language, "json"),
        "language": language,
        "items": [_json_item(one) for one in entries],
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _json_item(one: Entry) -> dict[str, Any]:
    said: dict[str, Any] = {
        "id": one.address,
        "url": one.address,
        "title": one.title,
        "summary": one.summary,
        "content_html": one.html,
        "date_published": _moment(one.published),
        "date_modified": _moment(one.updated),
        "authors": [{"name": name} for name in one.names],
        "tags": list(one.tags),
    }
    return said | {"image": one.image} if one.image else said


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _xml(root: ET.Element) -> bytes:
    raw: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return raw
