"""Which sessions of a colleague go on after something has changed, and which are over."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.urls import reverse

from tamizdat.desk.tests.accounts.at_sign_in import PASSKEY, TOTP, Browser
from tamizdat.desk.tests.accounts.authenticator import Device
from tamizdat.desk.tests.conftest import PASSWORD

ADDRESS = "ada@example.org"
NEW = "another long and quiet password"


@pytest.fixture
def ada(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user(ADDRESS, "Ada Holm", PASSWORD, "editor")


@pytest.fixture
def at_the_desk(ada):
    """A browser in which Ada has signed in with her password, before she had a second step."""

    def _at_the_desk():
        browser = Browser(ADDRESS)
        browser.types_password(PASSWORD)
        return browser

    return _at_the_desk


@pytest.fixture
def key():
    return Device()


@pytest.fixture
def laptop(at_the_desk, key):
    """Ada's laptop, on which she has added a passkey and works."""
    browser = at_the_desk()
    browser.confirms(PASSWORD)
    browser.adds_passkey(key)
    assert works(browser)
    return browser


@pytest.fixture
def phone(laptop, key):
    """Her phone, on which she has signed in with it and works, too."""
    browser = Browser(ADDRESS)
    browser.shows_passkey(key)
    assert works(browser)
    return browser


def works(browser):
    return browser.reaches("/desk/")


def sets_up(browser):
    browser.confirms(PASSWORD)
    secret = browser.asks_for_an_app()
    browser.sets_app_up(code(secret))
    return secret


def code(secret, later=0):
    from allauth.mfa.totp.internal import auth

    counter = next(iter(auth.yield_hotp_counters_from_time())) + later
    return auth.format_hotp_value(auth.hotp_value(secret, counter))


@pytest.mark.parametrize("path", [TOTP + "activate/", PASSKEY + "add/"])
def test_a_refused_form_shows_no_second_step(at_the_desk, path):
    owner, thief = at_the_desk(), at_the_desk()
    sets_up(owner)

    assert thief.posts_without_a_token(path) == 403
    assert not works(thief)
    assert works(owner)


def test_a_session_that_changed_nothing_ends_when_a_step_is_added_and_removed_elsewhere(ada):
    """It must not come to life again because all is as it was; a reporter needs no step."""
    ada.groups.set([])
    from django.contrib.auth.models import Group

    from tamizdat.desk.accounts.actions import groups

    ada.groups.add(Group.objects.get(name=groups.REPORTERS))
    owner, thief = Browser(ADDRESS), Browser(ADDRESS)
    for browser in (owner, thief):
        browser.types_password(PASSWORD)
        assert works(browser)
    sets_up(owner)
    owner.removes_app()

    assert works(owner)
    assert not works(thief)


def adds_an_app(browser, _ada):
    sets_up(browser)


def removes_the_passkey(browser, _ada):
    browser.confirms(PASSWORD)
    browser.removes_passkey(Authenticator.objects.get(type="webauthn").pk)


def makes_recovery_codes(browser, _ada):
    browser.confirms(PASSWORD)
    browser.makes_recovery_codes()


def changes_the_password(browser, _ada):
    browser.changes_password(PASSWORD, NEW)


@pytest.mark.parametrize(
    "change", [adds_an_app, removes_the_passkey, makes_recovery_codes, changes_the_password]
)
def test_what_somebody_changes_here_ends_all_other_sessions(laptop, phone, ada, change):
    change(laptop, ada)

    assert not works(phone)
    assert works(laptop) or laptop.is_sent_to("/desk/") == "/account/2fa/"


def resets_the_step(_ada):
    from tamizdat.desk.accounts.actions.staff import reset_second_step

    reset_second_step(ADDRESS)


def sets_the_password(ada):
    user = User.objects.get(pk=ada.pk)
    user.set_password(NEW)
    user.save()


def changes_it_in_the_database(ada):
    Authenticator.objects.filter(user=ada, type="webauthn")._raw_delete("default")


@pytest.mark.parametrize("change", [resets_the_step, sets_the_password, changes_it_in_the_database])
def test_what_somebody_else_changes_ends_all_sessions(laptop, phone, ada, change):
    change(ada)

    assert laptop.is_sent_to("/desk/") == "/account/login/"
    assert phone.is_sent_to("/desk/") == "/account/login/"


def test_a_sign_in_that_began_before_the_password_was_changed_is_not_finished(laptop, key):
    thief = Browser(ADDRESS)
    thief.types_password(PASSWORD)
    laptop.changes_password(PASSWORD, NEW)
    thief.shows_passkey_after_the_password(key)  # even so

    assert not works(thief)


@pytest.fixture
def admin(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    create_user("eva@example.org", "Eva Lind", PASSWORD, "admin")
    browser = Browser("eva@example.org")
    browser.types_password(PASSWORD)
    sets_up(browser)
    assert works(browser)
    return browser


def edited(user, **changes):
    said = {
        "email": user.email,
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "groups": [group.pk for group in user.groups.all()],
        "is_active": "on",
    }
    return {name: value for name, value in (said | changes).items() if value is not None}


def test_an_admin_who_sets_a_colleague_s_password_ends_the_colleague_s_sessions(laptop, ada, admin):
    edit = reverse("wagtailusers_users:edit", args=[ada.pk])
    answer = admin.client.post(edit, edited(ada, password1=NEW, password2=NEW))

    assert answer.status_code == 302
    assert not works(laptop)
    assert works(admin)


def test_an_admin_who_sets_their_own_password_there_stays_in_and_nowhere_else(admin):
    eva = User.objects.get(username="eva@example.org")
    edit = reverse("wagtailusers_users:edit", args=[eva.pk])
    said = edited(eva, password1=NEW, password2=NEW, is_superuser="on")
    answer = admin.client.post(edit, said)

    assert answer.status_code == 302
    assert works(admin)


def test_a_colleague_who_left_is_out_and_finds_no_session_when_they_are_back(laptop, ada, admin):
    edit = reverse("wagtailusers_users:edit", args=[ada.pk])
    admin.client.post(edit, edited(ada, is_active=None))
    assert not works(laptop)
    admin.client.post(edit, edited(ada))

    assert User.objects.get(pk=ada.pk).is_active
    assert not works(laptop)


def test_a_colleague_who_was_taken_out_of_all_groups_sees_nothing_of_the_desk(laptop, ada, desk):
    ada.groups.clear()

    for path in ("/desk/", "/desk/articles/", "/mailbox/", "/media/a.txt", "/preview/a.html"):
        assert laptop.client.get(path).status_code == 403, path
    assert laptop.client.get("/account/2fa/").status_code == 200


def test_a_cookie_from_before_signing_out_opens_nothing(laptop):
    cookie = laptop.cookie()
    laptop.signs_out()
    other = Browser(ADDRESS)
    other.puts_cookie_back(cookie)

    assert not works(other)


def test_a_copy_of_the_cookie_from_before_the_step_opens_nothing(at_the_desk):
    owner = at_the_desk()
    planted = owner.cookie()
    sets_up(owner)
    thief = Browser(ADDRESS)
    thief.puts_cookie_back(planted)

    assert works(owner)
    assert not works(thief)


def test_a_session_in_which_a_password_is_guessed_ends_and_holds_nobody_up(at_the_desk):
    owner, thief = at_the_desk(), at_the_desk()
    for _ in range(12):
        thief.confirms("a guess that is wrong")
    assert thief.is_sent_to("/account/2fa/") == "/account/login/"
    sets_up(owner)

    assert works(owner)


def test_what_is_changed_by_another_method_of_http_is_changed_in_order_too(laptop, phone):
    """The session in which it was done goes on: it was noted as one change, with its lock."""
    sets_up(laptop)
    laptop.confirms(PASSWORD)
    laptop.client.put(TOTP + "deactivate/")

    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert works(laptop)
    assert not works(phone)
