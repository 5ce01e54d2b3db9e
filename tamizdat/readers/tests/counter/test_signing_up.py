"""A reader signs up at the counter, with or without JavaScript, and never types twice."""

import json
from dataclasses import replace

import pytest

from tamizdat.readers.counter.admission import LIMITS, Admission, admission
from tamizdat.readers.counter.bucket import Rate
from tamizdat.readers.counter.models import Envelope
from tests import proofs

pytestmark = pytest.mark.django_db(databases=["default", "counter"])

FORM = {"address": "Ada@example.org", "newsletter": ["friday"], "consent": "1.0"}


@pytest.fixture(autouse=True)
def at_the_counter(settings, offered, monkeypatch):
    settings.ROOT_URLCONF = "tamizdat.site.urls.counter"
    settings.MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]  # as in its role
    become(monkeypatch, Admission())


def test_a_sign_up_becomes_a_submission_with_the_consent_and_no_address(client, offered):
    answer = client.post("/ru/subscribe", FORM)

    submission = Envelope.objects.get()
    payload = json.loads(submission.payload)
    assert answer.status_code == 200
    assert submission.kind == "subscribe"
    assert payload["newsletters"] == ["friday"]
    assert payload["language"] == "ru"
    assert payload["consent"] == {"version": "1.0", "sha256": offered.wordings[0].sha256}
    assert len(payload["sealed"]["reader"]) == 1600
    assert len(payload["sealed"]["unattended"]["sealed"]) == 2540
    assert "example" not in submission.payload.lower()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"address": "ada at example"}, 422),
        ({"newsletter": []}, 422),
        ({"newsletter": ["unknown"]}, 422),
        ({"consent": "0.1"}, 422),
        ({"consent": ""}, 422),
    ],
    ids=str,
)
def test_a_form_with_something_missing_comes_back_filled(client, change, status):
    answer = client.post("/en/subscribe", FORM | change)

    typed = (FORM | change)["address"]
    assert answer.status_code == status
    assert f'value="{typed}"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Envelope.objects.exists()


def test_markup_that_is_typed_stays_text(client):
    answer = client.post("/en/subscribe", FORM | {"address": '"><script>alert(1)</script>'})

    assert "<script>alert" not in answer.content.decode()


def become(monkeypatch, fresh):
    """Put an admission that knows nobody yet, or other limits, in the place of the counter's."""
    for name, value in vars(fresh).items():
        monkeypatch.setattr(admission, name, value)


@pytest.fixture
def no_reserve(monkeypatch):
    """Nothing is taken any more from readers whose browser runs no script."""
    empty = replace(LIMITS["subscribe"].plain, everybody=Rate(0, 0))
    limits = {"subscribe": replace(LIMITS["subscribe"], plain=empty)}
    become(monkeypatch, Admission(limits))


def test_when_too_many_come_the_form_comes_back_with_all_that_was_typed(client, no_reserve):
    answer = client.post("/en/subscribe", FORM)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert 'value="Ada@example.org"' in answer.content.decode()
    assert 'value="friday" checked' in answer.content.decode()
    assert not Envelope.objects.exists()


def test_a_proof_needs_nothing_of_the_reserve_and_is_good_once(client, no_reserve):
    stamp = proofs.base("subscribe", FORM["address"], proofs.today())

    first, second = (client.post("/en/subscribe", FORM | {"stamp": stamp}) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 429)


@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
@pytest.mark.parametrize(
    "page", ["subscribe", "confirm/abcdefghijklmnopqrstuvwxyz", "leave/abcdefghijklmnopqrstuvwxyz"]
)
def test_opening_a_link_changes_nothing(client, language, page):
    answer = client.get(f"/{language}/{page}")

    assert answer.status_code == 200
    assert f'lang="{language}"' in answer.content.decode()
    assert '<form method="post"' in answer.content.decode()
    assert not Envelope.objects.exists()


@pytest.mark.parametrize("kind", ["confirm", "leave"])
def test_pressing_the_button_leaves_the_token_s_hash(client, kind):
    answer = client.post(f"/en/{kind}/abcdefghijklmnopqrstuvwxyz")

    submission = Envelope.objects.get()
    assert answer.status_code == 200
    assert submission.kind == kind
    assert json.loads(submission.payload) == {
        "token": "71c480df93d6ae2f1efad1447c66c9525e316218cf51fc8d9ed832f2daf18b73"
    }


@pytest.mark.parametrize(
    "path", ["/en/leave/short", "/xx/subscribe", "/xx/leave/abcdefghijklmnopqrstuvwxyz", "/en"]
)
def test_what_is_not_there_says_so_on_our_own_page(client, path):
    answer = client.post(path)

    assert answer.status_code == 404
    assert "The Test Sheet" in answer.content.decode()
    assert not Envelope.objects.exists()


def test_the_counter_s_bare_address_leads_to_the_edition(client, newsroom):
    assert client.get("/").headers["Location"] == f"{newsroom.addresses.edition}/"
