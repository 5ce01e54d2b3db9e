"""What readers find follows what editors publish, and publishing rewrites one shard."""

import re

import pytest

from tamizdat.press.actions import hold, publish_soon
from tamizdat.press.build import invalidation, rerender_queue, site_fingerprint
from tamizdat.press.content import lists
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.kinds.shard import FEW
from tamizdat.press.search import incremental, index
from tamizdat.press.tests.conftest import changed, in_every_language
from tamizdat.press.tests.search.index_read import find, unpacked
from tests.newsdesk import START


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


def test_an_article_is_found_by_headline_body_people_and_section(busy, edition, subtests):
    for asked in ("bread", "GRAM", "baker scale", "Ilse Maran", "courts"):
        with subtests.test(asked=asked):
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


@in_every_language
def test_publishing_rewrites_the_open_shard_alone(busy, edition, monkeypatch):
    monkeypatch.setattr(lists, "SHARD", 3)
    for number in range(4):
        busy.article(f"Old news {number}")
    busy.article("Вердикт", "ru", slug="verdict")
    busy.publish()
    before = edition.output_files()

    busy.article("Ferry strike ends")
    busy.publish()

    searched = {path for path in changed(before, edition.output_files()) if "/search" in path}
    assert searched
    assert all(re.match(r"en/search/2/", path) for path in searched), searched
    assert found(edition, "ferry", number=2) == ["2026/11/ferry-strike-ends.html"]


def test_a_corrected_old_article_rewrites_its_own_shard(busy, edition, monkeypatch):
    monkeypatch.setattr(lists, "SHARD", 3)
    for number in range(4):
        busy.article(f"Old news {number}")
    busy.publish()
    before = edition.output_files()

    busy.bread.title = "Bread by the ounce"
    busy.bread.save_revision().publish()
    busy.publish()

    searched = {path for path in changed(before, edition.output_files()) if "/search" in path}
    assert {path.rpartition("/")[0] for path in searched} == {"en/search/1"}
    assert found(edition, "ounce") == ["2026/11/bread-by-the-gram.html"]


def read_for(edition, monkeypatch, act):
    """Return whose words were read for the search while something was done and published."""
    read, worded = list[int](), Repository.worded

    def noted(repository, numbers):
        asked = list(numbers)
        read.extend(asked)
        return worded(repository, asked)

    monkeypatch.setattr(Repository, "worded", noted)
    act()
    monkeypatch.undo()
    return read


def shards(edition):
    return {path: raw for path, raw in edition.files().items() if "/search/" in path}


@pytest.mark.parametrize("act", ["publish", "correct", "rename", "move", "withdraw", "name"])
def test_publishing_reads_what_changed_alone_and_indexes_as_if_it_read_all(
    busy, edition, monkeypatch, act
):
    others = [busy.article(f"Old news {number}", people=[busy.ilse]) for number in range(3)]
    busy.article("Nothing of hers")
    busy.publish()
    mine = others[1]
    acts = {
        "publish": lambda: busy.article("Ferry strike ends"),
        "correct": lambda: busy.actions.correct(mine, "It was Tuesday.", at=START),
        "rename": lambda: renamed(mine, title="Older news"),
        "move": lambda: renamed(mine, slug="moved"),
        "withdraw": lambda: busy.actions.withdraw(mine),
        "name": lambda: named(busy.ilse, "Ilse Morun"),
    }

    def do():
        acts[act]()
        busy.publish()

    read = read_for(edition, monkeypatch, do)

    assert len(set(read)) == {"withdraw": 0, "name": 4}.get(act, 1)
    step_by_step = shards(edition)
    busy.publish(full=True)
    assert shards(edition) == step_by_step


def renamed(article, **said):
    for name, value in said.items():
        setattr(article, name, value)
    article.save_revision().publish()


def named(person, name):
    person.name = name
    person.save()


def test_a_new_page_in_the_footer_has_no_text_read_for_the_search(busy, edition, monkeypatch):
    busy.publish()

    def open_a_page():
        busy.plain("Jobs", slug="jobs", in_footer=True)
        busy.publish()

    assert read_for(edition, monkeypatch, open_a_page) == []
    assert "jobs.html" in edition.page("en/2026/11/bread-by-the-gram.html")


def test_a_shard_that_waits_to_be_rendered_again_is_made_from_all_of_its_articles(
    busy, edition, monkeypatch
):
    monkeypatch.setattr(rerender_queue, "FEW", 0)
    monkeypatch.setattr(invalidation, "FEW", 0)
    busy.article("Old news", section=busy.courts)
    busy.publish()
    busy.courts.name = "Justice"
    busy.courts.save()
    busy.article("Ferry strike ends")
    publish_soon()

    assert found(edition, "justice old") == ["2026/11/old-news.html"]


def test_a_shard_that_somebody_has_spoilt_is_made_from_all_of_its_articles(busy, edition):
    busy.article("Old news")
    busy.publish()
    one = next(path for path in shards(edition) if "words" in path)
    file = edition.root / one
    file.unlink()
    file.write_bytes(b"0spoilt 0")

    busy.article("Ferry strike ends")
    busy.publish()

    assert found(edition, "bread") == ["2026/11/bread-by-the-gram.html"]
    assert found(edition, "spoilt") == []


def test_where_many_articles_changed_each_is_read_once(busy, edition, monkeypatch):
    busy.article("Old news")
    busy.publish()

    def do():
        with hold():
            for number in range(FEW + 1):
                busy.article(f"News {number}")

    read = read_for(edition, monkeypatch, do)

    assert len(read) == len(set(read)) == FEW + 3


def test_a_new_program_s_rules_are_not_mixed_with_those_before(busy, edition, monkeypatch):
    """It is noticed with the next publication; what is printed then is made by one of them."""
    busy.article("Old news")
    busy.publish()
    monkeypatch.setattr(site_fingerprint, "__version__", "99")
    levels = index.levels

    def other(entry, language):
        return {f"{word}x": level for word, level in levels(entry, language).items()}

    monkeypatch.setattr(index, "levels", other)
    monkeypatch.setattr(incremental, "levels", other)
    busy.article("Ferry strike ends")
    publish_soon()

    words = [
        word for path, raw in shards(edition).items() if "words" in path for word in unpacked(raw)
    ]
    assert {word[-1] for word in words} == {"x"}
