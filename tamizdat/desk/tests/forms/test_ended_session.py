"""Who types while their session ends keeps their words: the desk shows them once."""

import json

import pytest
from django.contrib.auth.models import Group, User
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tamizdat.desk.forms.ended_session import typed
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.desk.tests.forms.test_forms import newest, send
from tamizdat.desk.tests.forms.test_forms import typed as article_typed

pytestmark = pytest.mark.django_db
BODY = json.dumps({"blocks": [{"text": "The bridge is closed."}, {"text": "Nobody says why."}]})
OURS = {"HTTP_ORIGIN": "http://testserver"}


def prose(**fields):
    sent = QueryDict(mutable=True)
    sent.update(fields)
    return list(typed(sent))


def test_prose_is_shown_with_its_label():
    shown = prose(
        title="Flood",
        kicker="Courts",
        dateline="Brno",
        **{"body-0-value": BODY, "body-1-value-caption": "Vltava", "corrections-0-text": "Five."},
    )

    assert shown == [
        ("Headline or title", "Flood"),
        ("Kicker", "Courts"),
        ("Dateline", "Brno"),
        ("Body 1", "The bridge is closed.\n\nNobody says why."),
        ("Body 2, caption", "Vltava"),
        ("Corrections 1, text", "Five."),
    ]


@pytest.mark.parametrize(
    "name",
    ["body-0-id", "body-0-type", "body-0-order", "body-0-deleted", "bylines-0-DELETE", "slug",
     "bylines-TOTAL_FORMS", "loaded_revision_id", "loaded_revision_created_at", "go_live_at",
     "draft_digest", "letter_digest", "section", "topics", "bylines-0-person", "bylines-0-role",
     "item-0-form", "item-0-article", "action-publish", "csrfmiddlewaretoken", "password",
     "passphrase", "login", "overwrite_revision_id", "began_live", "body-count",
     "body-0-value-picture"],
)  # fmt: skip
def test_secrets_keys_and_choices_are_not_shown(name):
    assert prose(**{name: "b7a1d3c4-0d6e-4b0e-9f7d-3f1b2f7f1a11 four quiet words"}) == []


@pytest.mark.parametrize("name", ["address", "test-address", "item-0-address", "value-address"])
def test_somebody_s_address_is_not_shown(name):
    assert prose(**{name: "ada@example.org"}) == []


def test_where_an_embed_leads_is_shown():
    there = "https://video.example/watch/7"

    assert prose(**{"body-0-value-address": there}) == [("Body 1, address", there)]


def test_a_box_that_is_ticked_is_not_shown():
    assert prose(sensitive="on", anything="on") == []


@pytest.mark.parametrize("odd", ["[]", '{"blocks": 7}', '{"blocks": [1]}', "[" * 5000])
def test_what_only_looks_like_rich_text_is_shown_as_it_is(odd):
    assert prose(body=f"{odd} and more") == [("Body", f"{odd} and more")]


def test_a_long_text_is_shown_to_its_end():
    long = "The whole of it. " * 20_000

    assert prose(standfirst=long, kicker="Courts") == [
        ("Standfirst", long.strip()),
        ("Kicker", "Courts"),
    ]


@pytest.mark.parametrize(
    ("at", "sent", "shown"),
    [
        ("/desk/images/add/", {"tags": "bridges, flood"}, "Tags"),
        ("/desk/snippets/letters/newsletter/add/", {"code": "weekly"}, "Code"),
        ("/desk/account/", {"name_email-first_name": "Ines"}, "First name"),
    ],
)
def test_what_stands_in_other_forms_is_shown_too(client, desk, at, sent, shown):
    page = client.post(at, sent, **OURS)

    assert page.status_code == 401
    assert f">{shown}</label>" in page.content.decode()
    assert next(iter(sent.values())) in page.content.decode()


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("/account/2fa/authenticate/", {"code": "123456"}),
        ("/account/2fa/recovery-codes/generate/", {"code": "a1b2c3d4"}),
        ("/desk/account/", {"name_email-email": "ines@example.org"}),
        ("/desk/letters/data-requests/", {"address": "reader@example.org", "kind": "question"}),
        ("/desk/account/", {"locale-current_time_zone": "Europe/Prague"}),
    ],
)
def test_codes_addresses_and_choices_are_not(client, desk, at, sent):
    page = client.post(at, sent, **OURS).content.decode()

    assert not any(said in page for said in sent.values())


def test_an_article_s_text_is_shown_where_the_session_ended(client, draft):
    page = client.post(
        reverse("wagtailadmin_pages:edit", args=[draft.pk]), {"body-0-value": BODY}, **OURS
    )

    assert page.status_code == 401
    assert "Nobody says why." in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


def test_a_form_that_was_open_while_somebody_signed_in_is_shown_too(draft):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post(
        reverse("wagtailadmin_pages:edit", args=[draft.pk]), {"body-0-value": BODY}, **OURS
    )

    assert page.status_code == 403
    assert "Nobody says why." in page.content.decode()


def test_a_wrong_password_is_never_shown(client):
    page = client.post(
        reverse("account_login"),
        {"login": "ada@example.org", "password": "four hundred quiet sluices"},
        **OURS,
    )

    assert "quiet sluices" not in page.content.decode()


@pytest.mark.parametrize("button", [{}, {"action-publish": "x"}])
def test_the_words_are_shown_of_a_page_that_was_deleted_meanwhile(editor, draft, button):
    at = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    draft.delete()

    page = editor.post(at, {"title": "Flood", "body-0-value": BODY} | button, **OURS)

    assert page.status_code == 404
    text = page.content.decode()
    assert "this has been deleted" in text
    assert "Flood" in text
    assert "Nobody says why." in text
    assert "no-store" in page.headers["Cache-Control"]


@pytest.fixture
def ines(desk, courts):
    """A reporter of a newsroom in earnest."""
    return signed_in("Ines Orlet", "reporter")


def become(*groups):
    User.objects.get(email="ines@example.org").groups.set(Group.objects.filter(name__in=groups))


@pytest.mark.parametrize("groups", [["Editors"], []], ids=["editor", "nobody"])
@pytest.mark.parametrize("button", [{}, {"action-submit": "x"}])
def test_the_words_are_shown_of_who_gained_or_lost_a_right_meanwhile(ines, courts, groups, button):
    send(ines, article_typed(courts))
    at = reverse("wagtailadmin_pages:edit", args=[newest().pk])
    become(*groups)

    page = ines.post(at, {"title": "Flood", "body-0-value": BODY} | button, **OURS)

    assert page.status_code == 403
    assert "Nobody says why." in page.content.decode()
    assert "your session ended" not in page.content.decode()


@pytest.mark.parametrize("kind", ["article", "person"])
def test_the_words_are_shown_of_who_may_no_longer_save_it(demonstration, ines, draft, ada, kind):
    at = {
        "article": reverse("wagtailadmin_pages:edit", args=[draft.pk]),
        "person": f"/desk/snippets/desk/person/edit/{ada.pk}/",
    }

    page = ines.post(at[kind], {"title": "Correspondent in the north"}, **OURS)

    assert page.status_code == 403
    assert "Correspondent in the north" in page.content.decode()


def test_who_chooses_a_second_step_is_shown_none_of_it(ines):
    become("Editors")

    page = ines.post("/account/2fa/totp/activate/", {"code": "123456", "name": "Mine"}, **OURS)

    assert "Mine" not in page.content.decode()


def test_another_site_s_form_gets_no_words_back(editor, draft):
    at = reverse("wagtailadmin_pages:edit", args=[draft.pk])
    draft.delete()

    page = editor.post(at, {"title": "Flood"}, HTTP_ORIGIN="http://evil.example")

    assert "Flood" not in page.content.decode()
