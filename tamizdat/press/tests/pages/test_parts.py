"""Parts: what other rooms put into the edition, and what their changes cost."""

import pytest

from tamizdat.press import parts
from tamizdat.press.models import Change
from tamizdat.press.parts import PartPage
from tamizdat.press.tests.conftest import changed


class Appeals:
    """A part as another room would write it."""

    name = "test-appeals"
    words = {"en": "Paid for by readers."}
    issues = ("first",)

    def fragment(self, slot, place):
        if slot != "appeal" or place.sensitive or place.language not in self.words:
            return ""
        about, why = place.link("en/about.html"), place.link("en/letters/why.html")
        words = self.words[place.language]
        return f'<p>{words} <a href="{about}">About us</a> <a class="y" href="{why}">Why</a></p>'

    def pages(self):
        return [
            PartPage(f"en/letters/{name}.html", "en", name, "part.html", {"words": f"Issue {name}"})
            for name in self.issues
        ]


@pytest.fixture
def part(monkeypatch, own_newsroom):
    (own_newsroom.theme / "part.html").write_text(
        '{% extends "base.html" %}{% block main %}<h1>{{ frame.title }}</h1>{{ words }} '
        '<a href="{{ link("en/about.html") }}">About</a>{% endblock %}'
    )
    monkeypatch.setattr(parts, "_parts", {"test-appeals": Appeals()})
    return parts.registered()[0]


@pytest.fixture
def published(part, newsdesk):
    newsdesk.article("Calm")
    newsdesk.article("Grief", sensitive=True)
    newsdesk.publish()
    return newsdesk


def test_a_fragment_stands_where_it_belongs_with_its_links(published, edition):
    page = edition.page("en/2026/11/calm.html")

    assert "Paid for by readers." in page
    assert '<a href="../../about.html">About us</a>' in page
    assert "Paid for by readers." not in edition.page("en/2026/11/grief.html")
    assert "Paid for by readers." not in edition.page("fa/index.html")


def test_a_link_to_what_is_not_there_is_text_until_it_comes(published, part, edition):
    assert "</a> Why</p>" in edition.page("en/2026/11/calm.html")

    part.issues = ("first", "why")
    parts.announce(part.name)
    published.publish()

    assert 'href="../../letters/why.html">Why</a>' in edition.page("en/2026/11/calm.html")


def test_a_part_has_pages_of_its_own(published, part, edition):
    page = edition.page("en/letters/first.html")

    assert "Issue first" in page
    assert 'href="../about.html"' in page

    part.issues = ("second",)
    parts.announce(part.name)
    published.publish()

    assert edition.has("en/letters/second.html")
    assert not edition.has("en/letters/first.html")


def test_a_changed_fragment_reaches_its_places_only(published, part, edition):
    before = edition.output_files()

    part.words = {"en": "Read on."}
    parts.announce(part.name)
    published.publish()

    differs = changed(before, edition.output_files())
    assert "en/2026/11/calm.html" in differs
    assert "en/2026/11/grief.html" not in differs
    assert not [path for path in differs if path.startswith("fa/") and "index" not in path]


def test_an_announcement_of_nothing_new_prints_no_articles(published, part, edition):
    before = edition.output_files()

    part.issues = ("first", "second")
    parts.announce(part.name)
    published.publish()

    differs = changed(before, edition.output_files())
    assert "en/letters/second.html" in differs
    assert not [path for path in differs if "/2026/" in path]


def test_a_part_that_is_unknown_cannot_be_announced(db):
    with pytest.raises(KeyError):
        parts.announce("nobody")
    assert not Change.objects.exists()
