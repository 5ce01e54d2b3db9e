"""What an admin takes from a colleague stays taken, whatever they save in that instant."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from wagtail.admin.views.account import AccountView

from tamizdat.desk.accounts.actions import sessions
from tamizdat.desk.accounts.colleagues import EditUser
from tamizdat.desk.tests.conftest import PASSWORD, signed_in
from tamizdat.desk.tests.in_that_instant import meanwhile
from tests.at_the_desk import form_of

OWN = "/desk/account/"
EVE = "eve@example.org"
NEW = "another long and quiet password"


def edit():
    return reverse("wagtailusers_users:edit", args=[User.objects.get(email=EVE).pk])


def form(browser, at):
    return form_of(browser.get(at).content.decode(), at)


def changing(**said):
    """Fill in how an admin changes Eve's account; None takes the tick out of a box."""

    def _filled(admin):
        filled = form(admin, edit()) | said
        return edit(), {name: value for name, value in filled.items() if value is not None}

    return _filled


def delete(_admin):
    return reverse("wagtailusers_users:delete", args=[User.objects.get(email=EVE).pk]), {}


shut_out = changing(is_active=None)
demote = changing(is_superuser=None)
give_password = changing(password1=NEW, password2=NEW)


def may():
    """What Eve may, and with which password; None if she has no account."""
    found = User.objects.filter(email=EVE).first()
    return found and (found.is_active, found.is_superuser, found.check_password(PASSWORD))


@pytest.fixture
def newsroom_of_two(transactional_db, desk, demonstration):
    return signed_in("Anna Roth", "admin"), signed_in("Eve Leak", "admin")


@pytest.mark.parametrize(
    ("take", "left"),
    [
        (shut_out, (False, True, True)),
        (demote, (True, False, True)),
        (give_password, (True, True, False)),
        (delete, None),
    ],
    ids=["shut out", "demoted", "another password", "deleted"],
)
def test_own_settings_bring_back_nothing(monkeypatch, newsroom_of_two, take, left):
    anna, eve = newsroom_of_two
    said = form(eve, OWN) | {"name_email-last_name": "Leek"}
    filled = take(anna)
    wait = meanwhile(monkeypatch, AccountView, "post", lambda: anna.post(*filled))

    eve.post(OWN, said)
    wait()

    assert may() == left


def test_neither_does_the_page_about_one_s_own_account(monkeypatch, newsroom_of_two):
    anna, eve = newsroom_of_two
    said, filled = form(eve, edit()), demote(anna)
    wait = meanwhile(monkeypatch, EditUser, "dispatch", lambda: anna.post(*filled))

    eve.post(edit(), said | {"last_name": "Leek"})
    wait()

    assert may() == (True, False, True)


def demote_row():
    User.objects.filter(email=EVE).update(is_superuser=False)


def before_the_row_is_held(monkeypatch, act):
    hold = sessions.one_change_at_a_time

    def _hold(*args, **kwargs):
        act()
        return hold(*args, **kwargs)

    monkeypatch.setattr(sessions, "one_change_at_a_time", _hold)


def test_nor_does_a_new_password_of_one_s_own(monkeypatch, newsroom_of_two):
    _, eve = newsroom_of_two
    before_the_row_is_held(monkeypatch, demote_row)
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    eve.post("/account/password/", said)

    assert may() == (True, False, False)


def test_who_was_deleted_in_that_instant_is_a_stranger(monkeypatch, newsroom_of_two):
    _, eve = newsroom_of_two
    before_the_row_is_held(monkeypatch, User.objects.filter(email=EVE).delete)
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    assert eve.post("/account/password/", said).status_code in (302, 401)
    assert may() is None
