"""What editors do, and what readers then have."""

import re
from datetime import timedelta

import pytest

from tamizdat.press.models import Change
from tamizdat.press.tests.conftest import changed, in_every_language
from tests.links import dead_ends
from tests.newsdesk import START

DAILY = {f"{language}/index.html" for language in ("en", "ru", "uk", "fa")} | {
    "index.html",
    "edition/index.html",
}


@pytest.fixture
def busy(newsdesk):
    """A newsroom with a section, a topic, a reporter, and two articles in two languages."""
    newsdesk.courts = newsdesk.section("Courts", slug="courts")
    newsdesk.tram = newsdesk.topic("Tram 4", slug="tram-4")
    newsdesk.ilse = newsdesk.person("Ilse Maran", slug="ilse-maran")
    filed = {"section": newsdesk.courts, "topics": [newsdesk.tram], "people": [newsdesk.ilse]}
    newsdesk.filed = filed
    newsdesk.verdict = newsdesk.article("Verdict in the tram case", **filed)
    newsdesk.bread = newsdesk.article("Bread by the gram", **filed)
    newsdesk.publish()
    return newsdesk


@in_every_language
def test_the_first_edition_is_whole(busy, edition, own_newsroom):
    files = edition.files()

    assert "Verdict in the tram case" in edition.page("en/2026/11/verdict-in-the-tram-case.html")
    assert dead_ends(files, own_newsroom.addresses.edition) == []
    for path in ("index.html", "404.html", "robots.txt", "sitemap.xml", "edition/index.html"):
        assert path in files
    for language in ("en", "ru", "uk", "fa"):
        for name in ("index.html", "404.html", "archive/index.html", "feed.rss.xml"):
            assert f"{language}/{name}" in files
    assert {"en/section/courts.html", "en/topic/tram-4.html", "en/person/ilse-maran.html"} <= set(
        files
    )


def test_publishing_again_changes_nothing(busy, edition):
    before = edition.files()

    result = busy.publish()
    again = busy.publish(full=True)

    assert (result.written, again.written) == (0, 0)
    assert edition.files() == before


def test_one_more_article_leaves_old_articles_alone(busy, edition):
    for number in range(6):
        busy.article(f"Old news {number}", **busy.filed)
    busy.publish()
    before = edition.output_files()

    busy.article("Ferry strike ends", **busy.filed)
    result = busy.publish()

    differs = changed(before, edition.output_files())
    new = "en/2026/11/ferry-strike-ends.html"
    assert {path for path in differs if re.match(r"en/\d{4}/", path)} == {new}
    searched = {path for path in differs if path.startswith("en/search/1/")}
    assert searched
    assert differs - DAILY - searched - {new} == {
        "en/archive/2026-11.html",
        "en/feed.atom.xml",
        "en/feed.json",
        "en/feed.rss.xml",
        "en/person/ilse-maran.html",
        "en/section/courts.html",
        "en/sitemap-2026-11.xml",
        "en/topic/tram-4.html",
    }
    assert result.written == len(differs)


@in_every_language
def test_an_article_in_another_language_leaves_this_one_alone(busy, edition):
    before = edition.output_files()

    busy.article("Вердикт", "ru", slug="verdict")
    busy.publish()

    differs = changed(before, edition.output_files())
    assert all(path.startswith("ru/") for path in differs - DAILY - {"sitemap.xml"})
    assert "ru/2026/11/verdict.html" in differs


def test_unpublishing_takes_every_trace_away(busy, edition, own_newsroom):
    busy.article("Links to it", text=f'<p><a linktype="page" id="{busy.bread.pk}">loaf</a></p>')
    busy.publish()
    assert 'href="bread-by-the-gram.html"' in edition.page("en/2026/11/links-to-it.html")

    busy.actions.withdraw(busy.bread)
    busy.publish()

    files = edition.files()
    assert "en/2026/11/bread-by-the-gram.html" not in files
    assert [path for path, raw in files.items() if b"Bread by the gram" in raw] == []
    assert "loaf" in edition.page("en/2026/11/links-to-it.html")
    assert dead_ends(files, own_newsroom.addresses.edition) == []


def test_the_last_article_takes_its_lists_with_it(busy, edition, own_newsroom):
    busy.actions.withdraw(busy.bread)
    busy.actions.withdraw(busy.verdict)
    busy.publish()

    assert edition.has("en/section/courts.html")
    assert not edition.has("en/topic/tram-4.html")
    assert not edition.has("en/person/ilse-maran.html")
    assert not edition.has("en/archive/2026-11.html")
    assert dead_ends(edition.files(), own_newsroom.addresses.edition) == []


def test_what_comes_back_is_linked_again(busy, edition):
    busy.article("Links to it", text=f'<p><a linktype="page" id="{busy.bread.pk}">loaf</a></p>')
    busy.actions.withdraw(busy.bread)
    busy.publish()
    busy.actions.publish(busy.bread)
    busy.publish()

    assert 'href="bread-by-the-gram.html"' in edition.page("en/2026/11/links-to-it.html")


def test_a_correction_reaches_page_and_feeds(busy, edition):
    busy.actions.correct(busy.bread, "The queue formed on Tuesday.", at=START)
    busy.publish()

    for path in ("2026/11/bread-by-the-gram.html", "feed.rss.xml", "feed.atom.xml", "feed.json"):
        assert "The queue formed on Tuesday." in edition.page(f"en/{path}")


def test_a_new_headline_reaches_every_list(busy, edition):
    busy.bread.title, busy.bread.standfirst = "Bread by the ounce", "Less of it."
    busy.actions.publish(busy.bread)
    busy.publish()

    files = edition.files()
    assert [path for path, raw in files.items() if b"Bread by the gram" in raw] == []
    for path in ("en/index.html", "en/section/courts.html", "en/archive/2026-11.html"):
        assert "Bread by the ounce" in edition.page(path)
    assert "Bread by the ounce" in edition.page("en/2026/11/verdict-in-the-tram-case.html")


def test_a_section_gets_another_name_and_address(busy, edition, own_newsroom):
    busy.courts.name, busy.courts.slug = "Justice", "justice"
    busy.courts.save()
    busy.publish()

    files = edition.files()
    assert "en/section/justice.html" in files
    assert "en/section/courts.html" not in files
    assert [path for path, raw in files.items() if b">Courts<" in raw] == []
    assert dead_ends(files, own_newsroom.addresses.edition) == []


def test_a_person_gets_another_name(busy, edition):
    busy.ilse.name = "Ilse M."
    busy.ilse.save()
    busy.publish()

    assert [path for path, raw in edition.files().items() if b"Ilse Maran" in raw] == []


@in_every_language
def test_a_section_that_is_translated_later_takes_its_articles_along(busy, edition, own_newsroom):
    busy.article("Вердикт", "ru", slug="verdict", section=busy.courts)
    busy.publish()
    assert edition.has("ru/section/courts.html")

    own = busy.courts.copy_for_translation(busy.front("ru").locale)
    own.name, own.slug = "Суды", "sudy"
    own.save()
    busy.publish()

    assert "Вердикт" in edition.page("ru/section/sudy.html")
    assert not edition.has("ru/section/courts.html")
    assert dead_ends(edition.files(), own_newsroom.addresses.edition) == []


@in_every_language
@pytest.mark.parametrize("language", ["ru", pytest.param("uk", marks=pytest.mark.soak)])
def test_a_list_that_is_translated_later_changes_what_a_full_build_would(
    busy, edition, subtests, language
):
    busy.article("Вердикт", "ru", slug="verdict-ru", **busy.filed)
    busy.publish()

    for kind in ("courts", "tram", "ilse"):
        with subtests.test(kind=kind):
            assert "ilse-maran.html" in edition.page("ru/archive/index.html")
            twin = translated_later(busy, getattr(busy, kind), language)

            assert busy.publish(full=True).written == 0
            if language == "uk":
                assert "ilse-maran.html" in edition.page("ru/archive/index.html")
            busy.article("Новина", "uk", slug=f"news-uk-{kind}", **busy.filed)
            busy.publish()
            assert busy.publish(full=True).written == 0
            twin.delete()
            busy.publish()
            assert busy.publish(full=True).written == 0


@in_every_language
@pytest.mark.parametrize("make", ["section", "topic", "person"])
def test_what_was_filed_only_abroad_moves_to_its_own_list_when_there_is_one(busy, edition, make):
    """Nothing in the list's own language is filed under it."""
    one = getattr(busy, make)("Trams")
    filed = {"section": {"section": one}, "topic": {"topics": [one]}, "person": {"people": [one]}}
    busy.article("Трамвай", "ru", slug="tram-ru", **filed[make])
    busy.article("Трамвай", "uk", slug="tram-uk", **filed[make])
    busy.publish()

    translated_later(busy, one, "ru")

    page = edition.page(f"ru/{make}/twin.html")
    assert "tram-ru.html" in page
    assert f"ru/{make}/twin.html" in edition.page(f"uk/{make}/trams.html")
    assert busy.publish(full=True).written == 0


def translated_later(busy, one, language):
    from wagtail.models import Locale

    locale = Locale.objects.get(language_code=language)
    key = one.translation_key
    twin = type(one).objects.create(name="Twin", slug="twin", locale=locale, translation_key=key)
    busy.publish()
    return twin


@in_every_language
def test_a_section_of_another_language_is_in_every_masthead_once_it_holds_something(busy, edition):
    city = busy.section("Місто", "uk", slug="misto")
    busy.publish()
    assert "misto.html" not in edition.page("en/2026/11/bread-by-the-gram.html")

    busy.article("The city wakes", section=city)
    busy.publish()

    assert "misto.html" in edition.page("en/2026/11/bread-by-the-gram.html")
    assert busy.publish(full=True).written == 0


@in_every_language
def test_translations_find_each_other_and_part_again(busy, edition):
    copy = busy.actions.translate(busy.verdict, "ru")
    copy.title = "Приговор"
    busy.actions.publish(copy)
    busy.publish()
    there = copy.place
    page = edition.page("en/2026/11/verdict-in-the-tram-case.html")
    assert f'hreflang="ru" href="http://127.0.0.1:8000/{there}"' in page

    busy.actions.withdraw(copy)
    busy.publish()

    assert there not in edition.page("en/2026/11/verdict-in-the-tram-case.html")
    assert not edition.has(there)


def test_pictures_come_and_go_with_the_pages_that_show_them(busy, edition, own_newsroom):
    picture = busy.picture()
    shown = {"lead_picture": picture, "lead_caption": "The quay.", "lead_alt": "A quay at dawn."}
    first = busy.article("First with it", **shown)
    second = busy.article("Second with it", **shown)
    busy.publish()
    pictures = {path for path in edition.files() if path.startswith("pictures/")}
    assert {path.rsplit(".")[-1] for path in pictures} == {"avif", "webp", "jpg"}

    busy.actions.withdraw(first)
    busy.publish()
    assert {path for path in edition.files() if path.startswith("pictures/")} == pictures

    busy.actions.withdraw(second)
    busy.publish()
    assert not [path for path in edition.files() if path.startswith("pictures/")]


def test_a_plain_page_joins_every_footer_of_its_language(busy, edition):
    before = edition.output_files()

    busy.plain("Where we print", in_footer=True)
    busy.publish()

    assert "Where we print" in edition.page("en/2026/11/bread-by-the-gram.html")
    differs = changed(before, edition.output_files())
    assert not [path for path in differs - DAILY if path.startswith(("ru/", "uk/", "fa/"))]


def test_a_draft_that_is_only_saved_changes_nothing(busy, edition):
    before = edition.files()

    busy.bread.title = "Not yet"
    busy.bread.save_revision()

    assert not Change.objects.exists()
    busy.publish()
    assert edition.files() == before


def test_an_edition_made_anew_is_the_same_edition(busy, edition, own_newsroom):
    """Publishing step by step and printing everything at once lead to the same bytes."""
    busy.actions.correct(busy.bread, "It was Tuesday.", at=START)
    busy.publish()
    third = busy.article("Third", **busy.filed)
    busy.publish()
    busy.actions.withdraw(third)
    busy.publish()
    step_by_step = edition.output_files()

    assert busy.publish(full=True).written == 0
    assert edition.output_files() == step_by_step


@pytest.mark.parametrize("what", ["emptied", "tampered"])
def test_a_spoilt_edition_is_made_good(busy, edition, own_newsroom, what):
    import shutil

    busy.article("Pictured", lead_picture=busy.picture(), lead_alt="A quay.", lead_caption="Quay.")
    busy.publish()
    before = edition.output_files()
    if what == "emptied":
        shutil.rmtree(own_newsroom.edition)
    else:
        (edition.root / "en/index.html").unlink()
        (edition.root / "en/planted.html").write_text("planted")

    busy.publish(full=True)

    assert changed(before, edition.output_files()) <= DAILY


def test_a_changed_setting_is_noticed_by_a_plain_build(busy, edition, own_newsroom):
    settings_file = own_newsroom.folder / "tamizdat.toml"
    said = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(said.replace("The Test Sheet", "The Evening Sheet"), encoding="utf-8")

    busy.publish()

    assert "The Evening Sheet" in edition.page("en/2026/11/bread-by-the-gram.html")
    assert "The Test Sheet" not in edition.page("en/2026/11/bread-by-the-gram.html")


def test_a_changed_template_is_noticed_by_a_plain_build(busy, edition, own_newsroom):
    folder = own_newsroom.theme / "press"
    folder.mkdir()
    (folder / "plain.html").write_text("<!doctype html><title>{{ page.title }}</title>ours")

    busy.publish()

    assert edition.page("en/about.html").endswith("ours")


def test_the_front_page_fills_itself(busy, edition):
    front = edition.page("en/index.html")

    assert front.index("Bread by the gram") < front.index("Verdict in the tram case")


def test_the_front_page_is_as_editors_arranged_it(busy, edition):
    front = busy.front()
    front.lead = busy.verdict
    front.live_line = "The verdict is being read"
    busy.actions.publish(front)
    busy.publish()

    page = edition.page("en/index.html")
    assert page.index("Verdict in the tram case") < page.index("Bread by the gram")
    assert "The verdict is being read" in page


def test_a_language_that_is_given_up_leaves_the_edition(busy, edition, own_newsroom, settings):
    from tamizdat.lib.newsroom import load

    settings_file = own_newsroom.folder / "tamizdat.toml"
    said = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(said.replace(', "fa"', ""), encoding="utf-8")
    settings.NEWSROOM = load(own_newsroom.folder)

    busy.publish()

    files = edition.files()
    assert not [path for path in files if path.startswith("fa/")]
    assert dead_ends(files, own_newsroom.addresses.edition) == []


def test_no_word_of_readers_is_in_the_edition(busy, edition):
    for path, raw in edition.output_files().items():
        if path.endswith(".html"):
            assert b"@" not in re.sub(rb"<style>.*?</style>", b"", raw, flags=re.DOTALL).replace(
                b'"@', b""
            ), path


def test_articles_of_two_months_and_sections_have_each_their_own_furniture(newsdesk, edition):
    courts = newsdesk.section("Courts")
    march = newsdesk.article("March", published=START - timedelta(days=40), section=courts)
    april = newsdesk.article("April", published=START, section=courts)
    elsewhere = newsdesk.article("Elsewhere", published=START + timedelta(days=1))

    newsdesk.publish()

    current = '<a href="../../section/courts.html" aria-current="true">Courts</a>'
    assert current in edition.page(march.place)
    assert current in edition.page(april.place)
    assert current not in edition.page(elsewhere.place)
