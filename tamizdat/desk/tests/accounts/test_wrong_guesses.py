"""Whoever found an open session and guesses what its owner knows loses it soon."""

import contextlib

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.urls import Resolver404, get_resolver, resolve

from tamizdat.desk.accounts.actions import wrong_guesses
from tamizdat.desk.tests.accounts.at_sign_in import PASSKEY, TOTP, Browser
from tamizdat.desk.tests.accounts.authenticator import Device
from tamizdat.desk.tests.admin.addresses import as_address, paths
from tamizdat.desk.tests.conftest import PASSWORD

ADDRESS = "ada@example.org"
NEW = "another long and quiet password"
WRONG = "a guess that is wrong"
AGAIN = "/account/reauthenticate/"
CODE_AGAIN = "/account/2fa/reauthenticate/"
KEY_AGAIN = PASSKEY + "reauthenticate/"
CHANGE = "/account/password/"
ACTIVATE = TOTP + "activate/"
GUESSES = {
    AGAIN: {"password": WRONG},
    CHANGE: {"oldpassword": WRONG, "password1": NEW, "password2": NEW},
    CODE_AGAIN: {"code": "1"},
    KEY_AGAIN: {"credential": '{"id": "a"}'},
    ACTIVATE: {"code": "1"},
}
SECRETS = ("password", "oldpassword", "code", "credential")
HOW = {
    "as a form": {},
    "as a script": {"X-Requested-With": "XMLHttpRequest"},
}


@pytest.fixture
def ada(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user(ADDRESS, "Ada Holm", PASSWORD, "editor")


@pytest.fixture
def opened(ada):
    """A browser that Ada left open, in which she set up a passkey with recovery codes."""
    browser = Browser(ADDRESS)
    browser.types_password(PASSWORD)
    browser.confirms(PASSWORD)
    browser.adds_passkey(Device())
    assert browser.reaches("/desk/")
    return browser


def pages_that_take_a_secret(browser):
    """Every account page with a field for a password, a code or a passkey of one's own."""
    for address in sorted({as_address(each) for each in paths(get_resolver().url_patterns)}):
        try:
            resolve(address)
        except Resolver404:
            continue
        if address.startswith("/account/"):
            page = browser.client.get(address)
            text = page.content.decode() if page.status_code == 200 else ""
            makes_a_passkey = "creation_options" in text
            if any(f'name="{field}"' in text for field in SECRETS) and not makes_a_passkey:
                yield address


def test_all_pages_that_take_a_secret_are_tried_here(opened):
    """A page that is added shows up here, and gets its line above."""
    assert set(pages_that_take_a_secret(opened)) == set(GUESSES)


@pytest.mark.parametrize("how", HOW.values(), ids=HOW)
@pytest.mark.parametrize("page", GUESSES)
def test_wrong_guesses_end_the_session_whatever_the_form_of_the_answer(opened, page, how):
    for _ in range(wrong_guesses.MOST - 1):
        opened.client.post(page, GUESSES[page], headers=how)
    assert opened.reaches("/desk/")
    opened.client.post(page, GUESSES[page], headers=how)

    assert not opened.reaches("/desk/")
    assert opened.is_sent_to("/desk/") == "/account/login/"


def test_all_guesses_of_a_session_count_together(opened):
    for page in (AGAIN, CHANGE, CODE_AGAIN, KEY_AGAIN, AGAIN):
        opened.client.post(page, GUESSES[page])

    assert not opened.reaches("/desk/")


def test_a_new_password_that_is_refused_is_no_guess(opened):
    for _ in range(2 * wrong_guesses.MOST):
        opened.changes_password(PASSWORD, "short")

    assert opened.reaches("/desk/")


def test_a_guess_counts_on_a_page_that_breaks(opened, monkeypatch):
    opened.client.raise_request_exception = False
    monkeypatch.setattr("django.views.generic.edit.FormMixin.form_invalid", None)
    for _ in range(wrong_guesses.MOST):
        assert opened.client.get("/desk/").status_code == 200
        opened.client.post(AGAIN, GUESSES[AGAIN])

    assert not opened.reaches("/desk/")


@pytest.mark.parametrize("page", GUESSES)
def test_a_request_that_saves_an_older_session_takes_no_guess_back(opened, page):
    """Another request loaded the session before each guess, and saves it after."""
    for number in range(wrong_guesses.MOST):
        slow = loaded_by_another_request(opened, number)
        opened.client.post(page, GUESSES[page])
        saved(slow)

    assert not opened.reaches("/desk/")


def test_no_more_guesses_are_judged_than_are_left(opened, ada):
    """All these requests come together: none has an answer when the next one is counted."""
    session = wrong_guesses.name_of(opened.client.session)
    judged = [wrong_guesses.take(session, ada) for _ in range(2 * wrong_guesses.MOST)]

    assert sum(judged) == wrong_guesses.MOST


def test_what_is_right_or_no_guess_costs_none(opened):
    for _ in range(2 * wrong_guesses.MOST):
        opened.confirms(PASSWORD)

    assert opened.reaches("/desk/")


def loaded_by_another_request(browser, number):
    session = type(browser.client.session)(browser.cookie())
    session["another request"] = number
    return session


def saved(session):
    """Save it as its request would at its end; one that is over stays so."""
    with contextlib.suppress(UpdateError):
        session.save()
