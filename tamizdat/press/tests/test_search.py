"""What readers find follows what editors publish, and publishing rewrites one shard."""

import re

import pytest

from tamizdat.press.search import shard
from tamizdat.press.tests.conftest import changed
from tamizdat.press.tests.index_read import find


@pytest.fixture
def busy(newsdesk):
    newsdesk.courts = newsdesk.section("Courts", slug="courts")
    newsdesk.ilse = newsdesk.person("Ilse Maran", slug="ilse-maran")
    newsdesk.bread = newsdesk.article(
        "Bread by the gram",
        text="<p>The bakers' <b>sc</b>ales weigh.</p><!-- our source is Karl -->",
        section=newsdesk.courts,
        people=[newsdesk.ilse],
    )
    newsdesk.publish()
    return newsdesk


def found(edition, text, language="en", number=1):
    """Return the links of what a question finds in one shard."""
    folder = f"{language}/search/{number}/"
    files = {path.removeprefix(folder): raw for path, raw in edition.files().items()}
    return [card[0] for card in find(files, text, language)]


@pytest.mark.parametrize("asked", ["bread", "GRAM", "baker scale", "Ilse Maran", "courts"])
def test_an_article_is_found_by_headline_body_people_and_section(busy, edition, asked):
    assert found(edition, asked) == ["2026/11/bread-by-the-gram.html"]


def test_what_no_page_shows_is_not_in_the_index(busy, edition):
    assert found(edition, "Karl") == []


def test_a_withdrawn_article_is_found_no_more(busy, edition):
    busy.article("Verdict in the tram case")
    busy.publish()
    busy.actions.withdraw(busy.bread)
    busy.publish()

    assert found(edition, "bread") == []
    assert found(edition, "verdict") == ["2026/11/verdict-in-the-tram-case.html"]


def test_the_last_article_takes_the_shard_with_it(busy, edition):
    busy.actions.withdraw(busy.bread)
    busy.publish()

    assert [path for path in edition.files() if path.startswith("en/search/")] == []
    assert '"shards":[]' in edition.page("en/search.html")


def test_a_section_with_another_name_is_found_by_that(busy, edition):
    busy.courts.name = "Justice"
    busy.courts.save()
    busy.publish()

    assert found(edition, "justice") == ["2026/11/bread-by-the-gram.html"]
    assert found(edition, "courts") == []


def test_publishing_rewrites_the_open_shard_alone(busy, edition, monkeypatch):
    monkeypatch.setattr(shard, "MOST", 3)
    for number in range(4):
        busy.article(f"Old news {number}")
    busy.article("Вердикт", "ru", slug="verdict")
    busy.publish()
    before = edition.leaves()

    busy.article("Ferry strike ends")
    busy.publish()

    searched = {path for path in changed(before, edition.leaves()) if "/search" in path}
    assert searched
    assert all(re.match(r"en/search/2/", path) for path in searched), searched
    assert found(edition, "ferry", number=2) == ["2026/11/ferry-strike-ends.html"]


def test_a_corrected_old_article_rewrites_its_own_shard(busy, edition, monkeypatch):
    monkeypatch.setattr(shard, "MOST", 3)
    for number in range(4):
        busy.article(f"Old news {number}")
    busy.publish()
    before = edition.leaves()

    busy.bread.title = "Bread by the ounce"
    busy.bread.save_revision().publish()
    busy.publish()

    searched = {path for path in changed(before, edition.leaves()) if "/search" in path}
    assert {path.rpartition("/")[0] for path in searched} == {"en/search/1"}
    assert found(edition, "ounce") == ["2026/11/bread-by-the-gram.html"]
