"""An article whose place is taken is refused beside its slug, with all that was typed."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError

from tamizdat.desk.models import ArticlePage
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.desk.tests.pages.test_two_editors import at, opened
from tamizdat.lib import clock

BUTTONS = ["action-publish", "action-submit"]


@pytest.fixture
def flood(editor, courts):
    """An article that stands at flood.html still, though its slug is another by now."""
    send(editor, typed(courts, title="Flood", slug="flood") | {"action-publish": "x"})
    article = newest()
    later = opened(editor, article) | {"slug": "flood-2", "action-publish": "x"}
    assert editor.post(at(article), later).status_code == 302
    assert newest().place.endswith("/flood.html")
    return newest()


@pytest.mark.parametrize("button", BUTTONS)
def test_a_new_article(editor, courts, flood, button):
    words = typed(courts, title="Second", slug="flood", kicker="Typed")

    answer = send(editor, words | {button: "x"})

    assert "Another article stands at" in str(answer.context["form"].errors["slug"])
    assert "Typed" in answer.content.decode()
    kept = send(editor, words)
    assert kept.status_code == 302
    assert newest().title == "Second"


def test_a_draft_that_is_to_come_out_at_its_time(editor, courts, flood):
    send(editor, typed(courts, title="Second", slug="flood"))
    draft = newest()
    soon = clock.now() + timedelta(minutes=2)
    of_its_month = draft._place_of("flood", soon)  # perhaps another month than today's
    ArticlePage.objects.filter(pk=flood.pk).update(place=of_its_month)
    sent = {"go_live_at": f"{soon:%Y-%m-%d %H:%M}", "action-publish": "x"}

    answer = editor.post(at(draft), opened(editor, draft) | sent)

    assert "Another article stands at" in str(answer.context["form"].errors["slug"])
    assert not newest().approved_schedule


def test_a_slug_that_is_made_has_a_free_place(editor, courts, flood):
    send(editor, typed(courts, title="Flood", slug="") | {"action-publish": "x"})

    assert newest().pk != flood.pk
    assert newest().live
    assert newest().place != flood.place


def test_what_is_refused_only_when_it_is_saved_costs_no_words(editor, courts, monkeypatch):
    send(editor, typed(courts))
    article = newest()
    form = opened(editor, article)

    def refuse(*_args, **_kwargs):
        raise ValidationError("Readers would miss something.")

    monkeypatch.setattr(ArticlePage, "_take_place", refuse)
    answer = editor.post(at(article), form | {"kicker": "Typed", "action-publish": "x"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Typed" in answer.content.decode()
    assert "Readers would miss something." in answer.content.decode()
    assert article.revisions.count() == 1
