"""What machines read: feeds, sitemaps, structured data."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from tamizdat.press.pages.feed_entries import legal
from tamizdat.press.pages.metadata import script
from tamizdat.press.tests.conftest import in_every_language
from tests.newsdesk import START

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ORIGIN = "http://127.0.0.1:8000/"
BREAD = f"{ORIGIN}en/2026/11/bread-ounces.html"


@pytest.fixture
def published(newsdesk):
    newsdesk.people = [newsdesk.person("Ilse Maran", slug="ilse-maran")]
    newsdesk.article("Verdict")
    newsdesk.bread = newsdesk.article(
        "Bread & <ounces>",
        slug="bread-ounces",
        text='<p>Ends with \x0b<a href="https://example.org/?a=1&amp;b=2">a link</a>.</p>',
        people=newsdesk.people,
        lead_picture=newsdesk.picture(),
        lead_alt="A loaf.",
        lead_caption="Sunday.",
    )
    newsdesk.publish()
    return newsdesk


def test_rss_holds_the_whole_articles(published, edition):
    channel = ET.fromstring(edition.page("en/feed.rss.xml")).find("channel")
    first = channel.find("item")

    assert [item.findtext("title") for item in channel.iter("item")] == [
        "Bread & <ounces>",
        "Verdict",
    ]
    assert first.findtext("link") == first.findtext("guid") == BREAD
    assert 'href="https://example.org/?a=1&amp;b=2"' in first.findtext(CONTENT)
    assert f'src="{ORIGIN}pictures/' in first.findtext(CONTENT)


def test_atom_holds_the_same(published, edition):
    feed = ET.fromstring(edition.page("en/feed.atom.xml"))
    entry = feed.find(f"{ATOM}entry")

    assert feed.findtext(f"{ATOM}id") == f"{ORIGIN}en/feed.atom.xml"
    assert entry.findtext(f"{ATOM}id") == BREAD
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ilse Maran"
    assert entry.findtext(f"{ATOM}published") == "2026-11-02T11:00:00Z"
    assert "Ends with" in entry.findtext(f"{ATOM}content")


def test_json_feed_holds_the_same(published, edition):
    feed = json.loads(edition.page("en/feed.json"))

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{ORIGIN}en/feed.json"
    assert feed["items"][0]["url"] == BREAD
    assert feed["items"][0]["authors"] == [{"name": "Ilse Maran"}]


@in_every_language
def test_every_language_has_its_feeds_even_empty(published, edition):
    for language in ("ru", "uk", "fa"):
        assert (
            ET.fromstring(edition.page(f"{language}/feed.atom.xml")).findall(f"{ATOM}entry") == []
        )


def test_what_xml_forbids_is_left_out():
    assert legal("a\x00b\x0bc\ufffed\ud800e\tf\U0001f4f0") == "abcde\tf\U0001f4f0"


def test_sitemaps_lead_to_every_page_and_to_nothing_else(published, edition):
    index = ET.fromstring(edition.page("sitemap.xml"))
    maps = [of.text.removeprefix(ORIGIN) for of in index.iter(f"{MAP}loc")]
    listed = {
        loc.text for path in maps for loc in ET.fromstring(edition.page(path)).iter(f"{MAP}loc")
    }

    files = edition.files()
    pages = {path for path in files if path.endswith(".html") and "404" not in path}
    pages -= {"index.html", "edition/index.html"}
    pages = {path for path in pages if not path.endswith("/search.html")}
    assert listed == {ORIGIN + path.removesuffix("index.html") for path in pages}


def test_a_sitemap_says_when_an_article_was_corrected(published, edition):
    published.actions.correct(published.bread, "Ounces.", at=START)
    published.publish()

    urls = ET.fromstring(edition.page("en/sitemap-2026-11.xml")).iter(f"{MAP}url")
    modified = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in urls}
    assert modified[BREAD] > "2026-11-02T11:00:00Z"
    assert modified[f"{ORIGIN}en/2026/11/verdict.html"] == "2026-11-02T10:00:00Z"


def test_the_news_sitemap_lists_two_days(published, edition):
    published.article("Months ago", published=START - timedelta(days=90))
    published.publish(at=START + timedelta(days=1))

    page = edition.page("en/sitemap-news.xml")
    assert BREAD in page
    assert "months-ago" not in page


def test_an_article_says_what_it_is(published, edition):
    page = edition.page("en/2026/11/bread-ounces.html")
    said = json.loads(re.search(r'ld\+json">(.*?)</script>', page).group(1))

    assert said["@type"] == "NewsArticle"
    assert said["headline"] == "Bread & <ounces>"
    assert said["author"] == [{"@type": "Person", "name": "Ilse Maran"}]
    assert said["mainEntityOfPage"] == BREAD
    assert edition.has(said["image"][0].removeprefix(ORIGIN))
    assert '<meta property="og:image:alt" content="A loaf.">' in page


def test_nothing_in_structured_data_ends_its_element():
    said = script({"headline": "</script><script>alert(1)</script>\u2028&"})

    assert "<" not in said
    assert ">" not in said
    assert json.loads(said)["headline"].startswith("</script>")


@pytest.mark.parametrize("demonstration", [True, False])
def test_only_a_demonstration_keeps_machines_away(newsdesk, edition, own_newsroom, demonstration):
    if demonstration:
        path = own_newsroom.folder / "tamizdat.toml"
        said = path.read_text(encoding="utf-8").replace(
            "[addresses]", "demonstration = true\n[addresses]"
        )
        path.write_text(said, encoding="utf-8")
    newsdesk.publish()

    assert ("Disallow: /\n" in edition.page("robots.txt")) is demonstration
    assert ('content="noindex"' in edition.page("en/about.html")) is demonstration
