"""Who types while their session ends keeps their words: the desk shows them once."""

import json

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tamizdat.desk.ended_session import LONGEST, typed

pytestmark = pytest.mark.django_db
BODY = json.dumps({"blocks": [{"text": "The bridge is closed."}, {"text": "Nobody says why."}]})
OURS = {"HTTP_ORIGIN": "http://testserver"}


def prose(**fields):
    sent = QueryDict(mutable=True)
    sent.update(fields)
    return list(typed(sent))


def test_prose_is_shown_and_secrets_and_choices_are_not():
    assert prose(
        title="The bridge is closed",
        body=BODY,
        form="teaser",
        go_live_at="2026-11-30 12:00",
        password="four hundred quiet sluices",
        passphrase="four hundred quiet sluices",
        csrfmiddlewaretoken="x" * 64,
    ) == [
        "The bridge is closed",
        "The bridge is closed.\n\nNobody says why.",
        "2026-11-30 12:00",
    ]


@pytest.mark.parametrize("odd", ["[]", '{"blocks": 7}', '{"blocks": [1]}', "[" * 5000])
def test_what_only_looks_like_rich_text_is_shown_as_it_is(odd):
    assert prose(body=f"{odd} and more") == [f"{odd} and more"]


def test_no_more_is_shown_than_somebody_can_have_typed():
    assert sum(map(len, prose(one="a " * LONGEST, two="b " * LONGEST))) <= LONGEST


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
