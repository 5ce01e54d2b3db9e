"""Of two editors of one page the later one is told, loses nothing, and decides."""

import json
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError, Thread

import pytest
from django.db import connections
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from tamizdat.desk import writing
from tamizdat.desk.actions.articles import bring_in
from tamizdat.desk.models import ArticlePage, Byline, Person
from tamizdat.desk.pages.edit_conflicts import EditPage
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import newest, publish_from_list, send, typed
from tamizdat.lib import clock
from tests.at_the_desk import form_of

BUTTONS = ("", "action-publish", "action-submit")
HIDDEN = (
    "loaded_revision_id",
    "loaded_revision_created_at",
    "began_without_version",
    "seen_revision",
    "began_live",
)
TOLD = ("Vera Lind saved a newer version", "Nothing of yours was saved")


@pytest.fixture
def vera(desk, demonstration):
    return signed_in("Vera Lind", "editor")


@pytest.fixture
def written(editor, courts):
    send(editor, typed(courts) | {"action-publish": "x"})
    return newest()


@pytest.fixture
def imported(courts, ada):
    article = ArticlePage(
        title="Old news", section=courts, imported=True, body=[writing.text("<p>x</p>")]
    )
    article.bylines.add(Byline(person=ada, role="by"))
    return bring_in(article, "en", published=clock.now() - timedelta(days=400))


@pytest.fixture(params=["written", "imported"])
def article(request):
    return request.getfixturevalue(request.param)


def at(article):
    return f"/desk/pages/{article.pk}/edit/"


def shown(answer, article):
    """What the form sends that an answer shows; a script of the CMS fills its rows in."""
    there = form_of(answer.content.decode(), at(article))
    rows = [{"id": one.pk, "person": one.person_id, "role": "by"} for one in article.bylines.all()]
    lists = inline_formset(rows, initial=len(rows))
    return typed(article.section, slug=article.slug, bylines=lists) | {
        name: there[name] for name in (*HIDDEN, "title", "kicker") if name in there
    }


def opened(browser, article):
    """What the form of the page holds when somebody opens it."""
    return shown(browser.get(at(article)), ArticlePage.objects.get(pk=article.pk))


def sent(browser, article, form, title, button="", **more):
    pressed = {button: "x"} if button else {}
    return browser.post(at(article), form | {"title": title} | pressed | more)


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("before", BUTTONS[:2])
def test_the_later_one_is_told_and_nothing_is_lost(editor, vera, article, button, before):
    hers, mine = opened(vera, article), opened(editor, article)
    assert sent(vera, article, hers, "Vera's words", before).status_code == 302
    kept = ArticlePage.objects.values("title", "latest_revision", "live_revision").get()

    answer = sent(editor, article, mine, "Nora's words", button, kicker="Typed")

    assert answer.status_code == 409
    assert ArticlePage.objects.values(*kept).get() == kept
    page = answer.content.decode()
    said = str(next(iter(answer.context["messages"])))
    assert all(words in said for words in TOLD)
    assert "Typed" in page
    assert "Nora&#x27;s words" in page
    newer = newest().latest_revision_id
    compare = next(part for part in said.split('"') if f"...{newer}/" in part)
    theirs = editor.get(compare)
    assert theirs.status_code == 200
    assert "Vera" in theirs.content.decode()


def test_who_has_seen_it_saves_and_the_other_version_stays(editor, vera, article):
    hers, mine = opened(vera, article), opened(editor, article)
    sent(vera, article, hers, "Vera's words", "action-publish")
    told = sent(editor, article, mine, "Nora's words", "action-publish")
    mine = shown(told, article)
    assert mine["title"] == "Nora's words"

    answer = sent(editor, article, mine, "Nora's words", "action-publish")

    assert answer.status_code == 302
    assert newest().title == "Nora's words"
    titles = [each.as_object().title for each in article.revisions.order_by("-created_at")]
    assert titles[:2] == ["Nora's words", "Vera's words"]


def test_a_third_version_is_told_too(editor, vera, article):
    hers, mine = opened(vera, article), opened(editor, article)
    sent(vera, article, hers, "Vera's words")
    told = sent(editor, article, mine, "Nora's words")
    mine = shown(told, article)
    sent(vera, article, opened(vera, article), "Vera's later words")

    assert sent(editor, article, mine, "Nora's words").status_code == 409


def test_words_that_were_written_into_the_same_version_since_are_told_too(editor, vera, article):
    hers, mine = opened(vera, article), opened(editor, article)
    by_itself = {"headers": {"accept": "application/json"}}
    version = vera.post(at(article), hers | {"title": "One"}, **by_itself).json()["revision_id"]
    mine = shown(sent(editor, article, mine, "Nora's words", "action-publish"), article)
    more = hers | {"title": "Two", "overwrite_revision_id": version}
    assert vera.post(at(article), more, **by_itself).json()["revision_id"] == version

    told = sent(editor, article, mine, "Nora's words", "action-publish")

    assert told.status_code == 409
    again = sent(editor, article, shown(told, article), "Nora's words", "action-publish")
    assert again.status_code == 302


def test_after_being_told_nothing_is_saved_by_itself(editor, vera, article):
    hers, mine = opened(vera, article), opened(editor, article)
    sent(vera, article, hers, "Vera's words")
    told = sent(editor, article, mine, "Nora's words")
    mine = shown(told, article)

    answer = editor.post(at(article), mine, headers={"accept": "application/json"})

    assert answer.status_code == 400
    assert json.loads(answer.content)["error_code"] == "invalid_revision"


def test_one_editor_alone_goes_on_and_on(editor, article):
    for number in range(3):
        form = opened(editor, article)
        by_itself = editor.post(at(article), form, headers={"accept": "application/json"})
        assert by_itself.status_code == 200
        kept = {"overwrite_revision_id": by_itself.json()["revision_id"]}
        assert sent(editor, article, form | kept, f"Words {number}").status_code == 302
    assert newest().get_latest_revision_as_object().title == "Words 2"


def test_to_go_back_to_a_version_is_asked_too(editor, vera, written):
    first = written.latest_revision_id
    back = f"/desk/pages/{written.pk}/revisions/{first}/revert/"
    there = form_of(editor.get(back).content.decode(), back)
    form = opened(editor, written) | {name: there[name] for name in HIDDEN if name in there}
    sent(vera, written, opened(vera, written), "Vera's words", "action-publish")

    assert editor.post(back, form | {"action-publish": "x"}).status_code == 409
    assert newest().title == "Vera's words"


def test_a_front_page_is_asked_too(editor, vera, desk):
    from tamizdat.desk.models import FrontPage

    front = FrontPage.objects.get(locale__language_code="en")
    hers, mine = (form_of(one.get(at(front)).content.decode(), at(front)) for one in (vera, editor))
    vera.post(at(front), hers | {"live_line": "High water", "action-publish": "x"})

    answer = editor.post(at(front), mine | {"live_line": "Low water", "action-publish": "x"})

    assert answer.status_code == 409
    assert FrontPage.objects.get(pk=front.pk).live_line == "High water"


def test_a_program_that_names_no_version_saves_as_before(editor, written, courts):
    again = typed(courts, slug=written.slug, title="By hand", bylines=inline_formset([]))

    assert send(editor, again, written).status_code == 302


@pytest.mark.parametrize("button", BUTTONS)
def test_what_a_colleague_took_from_readers_is_not_published_again_unasked(
    editor, vera, article, button
):
    mine = opened(editor, article)
    vera.post(f"/desk/pages/{article.pk}/unpublish/", {})

    told = sent(editor, article, mine, "Nora's words", button, kicker="Typed")

    assert told.status_code == 409
    assert "Vera Lind took this page from readers" in told.content.decode()
    assert "Typed" in told.content.decode()
    assert not newest().live
    again = sent(editor, article, shown(told, article), "Nora's words", "action-publish")
    assert again.status_code == 302
    assert newest().live


def test_both_are_told_at_once_and_asked_once(editor, vera, article):
    mine = opened(editor, article)
    sent(vera, article, opened(vera, article), "Vera's words")
    vera.post(f"/desk/pages/{article.pk}/unpublish/", {})

    told = sent(editor, article, mine, "Nora's words", "action-publish")

    assert len(list(told.context["messages"])) == 2
    again = sent(editor, article, shown(told, article), "Nora's words", "action-publish")
    assert again.status_code == 302


def test_a_page_that_comes_out_while_its_form_is_open_is_no_conflict(editor, vera, courts):
    send(editor, typed(courts))
    article = newest()
    mine = opened(editor, article)
    publish_from_list(vera, article)
    assert newest().live

    assert sent(editor, article, mine, "Nora's words", "action-publish").status_code == 302


@pytest.mark.parametrize("before", BUTTONS[:2])
def test_who_saves_again_has_the_rows_of_their_own_form(editor, vera, article, ada, before):
    bob = Person.objects.create(name="Bob Ash", locale=ada.locale)
    other = bring_in(ArticlePage(title="Other", section=article.section), "en", published=None)
    mine, hers = opened(editor, article), opened(vera, article)
    kept = [{"id": one.pk, "person": one.person_id, "role": "by"} for one in article.bylines.all()]
    added = nested_form_data(
        {
            "bylines": inline_formset(
                [*kept, {"id": "", "person": bob.pk, "role": "by"}], initial=len(kept)
            ),
            "corrections": inline_formset(
                [{"id": "", "at": "2026-11-30 08:00", "text": "It was five."}]
            ),
            "pins": inline_formset([{"id": "", "article": other.pk}]),
        }
    )
    assert sent(vera, article, hers | added, "Vera's words", before).status_code == 302
    told = sent(editor, article, mine, "Nora's words")
    there = form_of(told.content.decode(), at(article))
    again = mine | {name: there[name] for name in HIDDEN if name in there}

    sent(editor, article, again, "Nora's words", "action-publish")

    now = ArticlePage.objects.get(pk=article.pk)
    assert now.title == "Nora's words"
    assert [one.person_id for one in now.bylines.all()] == [row["person"] for row in kept]
    assert not now.corrections.exists()
    assert not now.pins.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_save_in_the_same_instant_one_is_told(monkeypatch, reporter, courts):
    send(reporter, typed(courts))
    written, other = newest(), Client()
    other.cookies = reporter.cookies
    forms = {browser: opened(browser, written) for browser in (reporter, other)}
    both, go_on, answers = Barrier(2), EditPage._go_on, []

    def after_the_look(*args, **kwargs):
        with suppress(BrokenBarrierError):
            both.wait(2)
        return go_on(*args, **kwargs)

    monkeypatch.setattr(EditPage, "_go_on", after_the_look)

    def save(browser):
        answers.append(sent(browser, written, forms[browser], "Words").status_code)
        connections.close_all()

    threads = [Thread(target=save, args=[browser]) for browser in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [302, 409]
