"""Sitemaps: articles by month, a language's other pages, the last two days' news, and an index.

A subject is "en:2026-11" or "en:pages"; for the news a language.
"""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from django.db.models import QuerySet

from tamizdat.press.content.repository import Repository
from tamizdat.press.models import OutputFile
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, RenderedFile
from tamizdat.press.pages.feed_entries import legal
from tamizdat.press.pages.kinds.front import ROOT
from tamizdat.press.pages.kinds.month import articles_of

INDEX = "sitemap.xml"
PAGES = "pages"
LISTED = ("front", "section", "topic", "person", "month", "archive", "plain", "part")
NEWS_LASTS = timedelta(days=2)  # what those who read news sitemaps look at
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where a sitemap stands; nowhere for a month without articles."""
    language, of = subject.split(":")
    there = language in repository.newsroom.languages and (
        of == PAGES or articles_of(language, of).exists()
    )
    return [OutputPath(_path(subject), language, "sitemap")] if there else []


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the sitemap of a month's articles or of a language's other pages."""
    language, of = subject.split(":")
    files = _pages_of(language) if of == PAGES else articles_of(language, of)
    root = ET.Element("urlset", xmlns=SITEMAP)
    for path, modified in files.order_by("path").values_list("path", "modified"):
        _add(root, "url", run.address(path), run.modified.get(path, modified))
    return Rendered([RenderedFile(_path(subject), _xml(root))])


def news_addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where a language's news sitemap stands."""
    there = subject in repository.newsroom.languages
    return [OutputPath(_news_path(subject), subject, "sitemap")] if there else []


def make_news(run: RenderContext, subject: str) -> Rendered | None:
    """Return the last two days' articles as they stood when the edition was made."""
    name = legal(run.newsroom.in_language(subject).name)
    root = ET.Element("urlset", {"xmlns": SITEMAP, "xmlns:news": NEWS})
    for card in run.repository.between(subject, run.at - NEWS_LASTS, run.at):
        if not run.link_index.path_of(f"article:{card.id}"):
            continue
        news = ET.SubElement(_add(root, "url", run.address(card.path), None), "news:news")
        publication = ET.SubElement(news, "news:publication")
        ET.SubElement(publication, "news:name").text = name
        ET.SubElement(publication, "news:language").text = subject
        ET.SubElement(news, "news:publication_date").text = _moment(card.published)
        ET.SubElement(news, "news:title").text = legal(card.headline)
    return Rendered([RenderedFile(_news_path(subject), _xml(root))])


def index_addresses(_repository: Repository, _subject: str) -> list[OutputPath]:
    """Return where the index stands."""
    return [OutputPath(INDEX, "", "sitemaps")]


def make_index(run: RenderContext, _subject: str) -> Rendered | None:
    """Return the list of all sitemaps."""
    root = ET.Element("sitemapindex", xmlns=SITEMAP)
    every = OutputFile.objects.filter(kind="sitemap", gone=False).order_by("path")
    for path in every.values_list("path", flat=True):
        _add(root, "sitemap", run.origin + path, None)
    return Rendered([RenderedFile(INDEX, _xml(root))])


def _pages_of(language: str) -> QuerySet[OutputFile]:
    files = OutputFile.objects.filter(language=language, kind__in=LISTED, gone=False)
    return files.exclude(path=ROOT)


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
