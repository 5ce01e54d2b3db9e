"""Whoever guesses codes gets nowhere, and cannot keep their owner out by guessing."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from tamizdat.desk.accounts import codes
from tamizdat.desk.tests.accounts.at_sign_in import Browser
from tamizdat.desk.tests.accounts.authenticator import Device
from tamizdat.desk.tests.conftest import PASSWORD

ADDRESS = "ada@example.org"
AT = datetime(2026, 11, 29, 8, tzinfo=UTC)


@pytest.fixture
def ada(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user(ADDRESS, "Ada Holm", PASSWORD, "editor")


class App:
    """Ada's authenticator app, and the clock on the wall."""

    def __init__(self):
        self.secret, self.period = auth.generate_totp_secret(), 50_000_000

    def shows(self, ago=0):
        return auth.format_hotp_value(auth.hotp_value(self.secret, self.period - ago))

    def never_shows(self):
        """A wrong code."""
        return f"{(int(self.shows()) + 1) % 1_000_000:06}"


@pytest.fixture
def app(ada, monkeypatch):
    held = App()
    auth.TOTP.activate(ada, held.secret)
    monkeypatch.setattr(auth, "yield_hotp_counters_from_time", lambda: iter([held.period]))
    return held


def with_the_password():
    browser = Browser(ADDRESS)
    cache.clear()  # of how often somebody signed in: that is another limit
    browser.types_password(PASSWORD)
    return browser


def guesses(app, times):
    """A thief of the password types wrong codes, each in a session of its own."""
    for _ in range(times):
        with_the_password().types_code(app.never_shows())


def works(browser):
    return browser.reaches("/desk/")


def test_wrong_codes_of_a_thief_do_not_keep_the_owner_out(app):
    guesses(app, codes.ALONE - 1)
    owner = with_the_password()
    owner.types_code(app.shows())

    assert works(owner)


def test_after_many_wrong_codes_a_single_one_counts_no_more_right_or_wrong(app):
    guesses(app, codes.ALONE)
    lucky = with_the_password()
    page = lucky.types_code(app.shows()).content.decode()

    assert not works(lucky)
    assert "Type two in a row" in page


def test_then_two_in_a_row_let_the_owner_in_however_many_were_wrong(app):
    guesses(app, 3 * codes.ALONE)
    owner = with_the_password()
    owner.types_code(f"{app.shows(ago=1)} {app.shows()}")

    assert works(owner)


@pytest.mark.parametrize("ago", [(0, 0), (0, 1), (2, 1), (2, 0)])
def test_two_that_are_not_in_a_row_or_not_of_now_open_nothing(app, ago):
    guesses(app, codes.ALONE)
    browser = with_the_password()
    browser.types_code(" ".join(app.shows(one) for one in ago))

    assert not works(browser)


def test_neither_a_restart_nor_the_owner_s_own_sign_in_gives_new_tries(app):
    guesses(app, codes.ALONE)
    cache.clear()  # what a restart and a second process do not share
    owner = with_the_password()
    owner.types_code(f"{app.shows(ago=1)}{app.shows()}")
    app.period += 1
    lucky = with_the_password()
    lucky.types_code(app.shows())

    assert works(owner)
    assert not works(lucky)


def test_two_recovery_codes_do_as_well(app, ada):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    held = RecoveryCodes.activate(ada).get_unused_codes()
    guesses(app, codes.ALONE)
    one, twice, owner = with_the_password(), with_the_password(), with_the_password()
    one.types_code(held[0])
    twice.types_code(f"{held[0]} {held[0]}")
    owner.types_code(f"{held[0]} {held[1]}")

    assert [works(browser) for browser in (one, twice, owner)] == [False, False, True]
    left = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    assert left == held[2:]


def test_the_owner_is_told_that_somebody_has_the_password(app):
    guesses(app, 6)
    owner = with_the_password()
    owner.types_code(app.shows())

    assert "6 wrong codes" in owner.client.get("/desk/").content.decode()


def test_a_code_is_good_for_one_sign_in_in_any_process(app):
    first, second = with_the_password(), with_the_password()
    first.types_code(app.shows())
    cache.clear()
    second.types_code(app.shows())

    assert works(first)
    assert not works(second)


def test_wrong_codes_in_a_thief_s_session_do_not_keep_the_owner_from_setting_an_app_up(ada):
    thief, owner = with_the_password(), with_the_password()
    thief.confirms(PASSWORD)
    thief.asks_for_an_app()
    for _ in range(12):
        thief.sets_app_up("000000")
    owner.confirms(PASSWORD)
    secret = owner.asks_for_an_app()
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    owner.sets_app_up(auth.format_hotp_value(auth.hotp_value(secret, counter)))

    assert works(owner)
    assert not works(thief)


def test_wrong_passkeys_of_a_thief_do_not_keep_the_owner_s_out(ada):
    key, owner = Device(), with_the_password()
    owner.confirms(PASSWORD)
    owner.adds_passkey(key)
    forged = Device()
    forged.known_as, forged.handle = key.known_as, key.handle
    for _ in range(12):
        with_the_password().shows_passkey_after_the_password(forged)
    phone = with_the_password()
    phone.shows_passkey_after_the_password(key)

    assert works(phone)


def test_wrong_codes_are_forgotten_after_a_day():
    assert not codes.one_is_enough(codes.ALONE, AT, AT + timedelta(hours=23))
    assert codes.one_is_enough(codes.ALONE, AT, AT + timedelta(hours=24))
    assert codes.one_is_enough(codes.ALONE - 1, AT, AT)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", ["123456"]),
        (" 123 456 ", ["123456"]),
        ("۱۲۳۴۵۶", ["123456"]),
        ("1234-5678", ["12345678"]),
        ("123456 654321", ["123456", "654321"]),
        ("12345678 87654321", ["12345678", "87654321"]),
        ("", []),
        ("12345", []),
        ("1234567890", []),
        ("²²²²²²", []),
    ],
)
def test_how_a_code_may_be_typed(typed, read):
    assert codes.parts(typed) == read
