"""Sitemaps: articles by month, a language's other pages, the last two days' news, and an index.

A subject is "en:2026-11" or "en:pages"; for the news a language.
"""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from django.db.models import QuerySet

from tamizdat.press.leaves.front import ROOT
from tamizdat.press.leaves.month import articles_of
from tamizdat.press.models import Leaf
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, Sheet
from tamizdat.press.syndication import legal

INDEX = "sitemap.xml"
PAGES = "pages"
LISTED = ("front", "section", "topic", "person", "month", "archive", "plain", "part")
NEWS_LASTS = timedelta(days=2)  # what those who read news sitemaps look at
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where a sitemap stands; nowhere for a month without articles."""
    language, of = subject.split(":")
    there = language in reading.newsroom.languages and (
        of == PAGES or articles_of(language, of).exists()
    )
    return [Address(_path(subject), language, "sitemap")] if there else []


def make(run: Run, subject: str) -> Printed | None:
    """Return the sitemap of a month's articles or of a language's other pages."""
    language, of = subject.split(":")
    leaves = _pages_of(language) if of == PAGES else articles_of(language, of)
    root = ET.Element("urlset", xmlns=SITEMAP)
    for path, modified in leaves.order_by("path").values_list("path", "modified"):
        _add(root, "url", run.address(path), run.modified.get(path, modified))
    return Printed([Sheet(_path(subject), _xml(root))])


def news_addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where a language's news sitemap stands."""
    there = subject in reading.newsroom.languages
    return [Address(_news_path(subject), subject, "sitemap")] if there else []


def make_news(run: Run, subject: str) -> Printed | None:
    """Return the last two days' articles as they stood when the edition was made."""
    name = legal(run.newsroom.in_language(subject).name)
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for card in run.reading.between(subject, run.at - NEWS_LASTS, run.at):
        if not run.known.path_of(f"article:{card.id}"):
            continue
        news = ET.SubElement(_add(root, "url", run.address(card.path), None), "news:news")
        publication = ET.SubElement(news, "news:publication")
        ET.SubElement(publication, "news:name").text = name
        ET.SubElement(publication, "news:language").text = subject
        ET.SubElement(news, "news:publication_date").text = _moment(card.published)
        ET.SubElement(news, "news:title").text = legal(card.headline)
    return Printed([Sheet(_news_path(subject), _xml(root))])


def index_addresses(_reading: Reading, _subject: str) -> list[Address]:
    """Return where the index stands."""
    return [Address(INDEX, "", "sitemaps")]


def make_index(run: Run, _subject: str) -> Printed | None:
    """Return the list of all sitemaps."""
    root = ET.Element("sitemapindex", xmlns=SITEMAP)
    every = Leaf.objects.filter(kind="sitemap", gone=False).order_by("path")
    for path in every.values_list("path", flat=True):
        _add(root, "sitemap", run.origin + path, None)
    return Printed([Sheet(INDEX, _xml(root))])


def _pages_of(language: str) -> QuerySet[Leaf]:
    leaves = Leaf.objects.filter(language=language, kind__in=LISTED, gone=False)
    return leaves.exclude(path=ROOT)


def _path(subject: str) -> str:
    language, of = subject.split(":")
    return f"{language}/sitemap-{of}.xml"


def _news_path(language: str) -> str:
    return f"{language}/sitemap-news.xml"


def _add(root: ET.Element, tag: str, address: str, modified: datetime | None) -> ET.Element:
    entry = ET.SubElement(root, tag)
    ET.SubElement(entry, "loc").text = address
    if modified:
        ET.SubElement(entry, "lastmod").text = _moment(modified)
    return entry


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _xml(root: ET.Element) -> bytes:
    raw: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return raw
