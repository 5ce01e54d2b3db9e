import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver

from tamizdat.desk.tests.accounts.authenticator import Device
from tamizdat.desk.tests.admin.addresses import as_address, paths

PASSWORD = "a long and quiet password"


@pytest.fixture
def editor(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("ada@example.org", "Ada Holm", PASSWORD, "editor")


@pytest.fixture
def reporter(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("ben@example.org", "Ben Arel", PASSWORD, "reporter")


@pytest.fixture
def code(editor):
    """Give the editor an authenticator app; what it shows now."""
    from allauth.mfa.totp.internal import auth

    secret = auth.generate_totp_secret()
    auth.TOTP.activate(editor, secret)
    return lambda: auth.format_hotp_value(
        auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time())))
    )


def signs_in(browser, address):
    return browser.post("/account/login/", {"login": address, "password": PASSWORD})


def is_in(browser):
    return browser.get("/desk/").status_code == 200


def test_a_reporter_signs_in_with_a_password(reporter, client):
    signs_in(client, "Ben@example.org")

    assert is_in(client)


def test_an_editor_must_set_up_a_second_step_first(editor, client):
    signs_in(client, "ada@example.org")

    assert client.get("/desk/").headers["Location"] == "/account/2fa/"
    assert client.get("/desk/pages/").headers["Location"] == "/account/2fa/"
    assert client.get("/account/2fa/totp/activate/").status_code in (200, 302)


def test_in_a_demonstration_nobody_must(editor, client, settings):
    import dataclasses

    settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, demonstration=True)
    signs_in(client, "ada@example.org")

    assert is_in(client)


def test_an_editor_with_an_app_is_in_after_the_code_and_not_before(editor, code, client):
    asked = signs_in(client, "ada@example.org")
    assert asked.headers["Location"] == "/account/2fa/authenticate/"
    assert "_auth_user_id" not in client.session

    client.post("/account/2fa/authenticate/", {"code": code()})
    assert is_in(client)


def test_an_editor_who_walks_away_from_the_code_is_not_in(editor, code, client):
    signs_in(client, "ada@example.org")

    assert not is_in(client)


def test_a_wrong_code_opens_nothing(editor, code, client):
    signs_in(client, "ada@example.org")
    client.post("/account/2fa/authenticate/", {"code": "000000"})

    assert not is_in(client)


def test_a_lost_second_step_is_reset_and_another_must_be_set_up(editor, code, client):
    from tamizdat.desk.accounts.actions.staff import StaffError, reset_second_step

    with pytest.raises(StaffError, match="Nobody"):
        reset_second_step("nobody@example.org")
    reset_second_step("Ada@example.org")
    signs_in(client, "ada@example.org")

    assert client.get("/desk/").headers["Location"] == "/account/2fa/"
    assert not is_in(client)


def test_whoever_sets_an_app_up_stays_in_and_a_thief_of_the_password_does_not(editor, client):
    from allauth.mfa.totp.internal import auth

    thief = Client()
    signs_in(thief, "ada@example.org")
    signs_in(client, "ada@example.org")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get("/account/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    counter = next(iter(auth.yield_hotp_counters_from_time()))
    shown = auth.format_hotp_value(auth.hotp_value(secret, counter))
    client.post("/account/2fa/totp/activate/", {"code": shown})

    assert is_in(client)
    assert not is_in(thief)


def test_a_session_opened_without_the_code_is_closed(editor, code, client):
    client.force_login(editor)

    assert client.get("/desk/").headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def forged_passkey(user):
    """What a device of a stranger would say that claims to be this colleague's."""
    from allauth.account.utils import user_pk_to_url_str

    device = Device()
    device.handle = user_pk_to_url_str(user).encode()
    return device.sign({"publicKey": {"challenge": "AAAA"}})


def test_no_address_of_the_desk_opens_a_session_with_a_password_alone(editor, code):
    """Post the right password to everything that the desk answers, and try to work then."""
    said = {
        "login": "ada@example.org",
        "username": "ada@example.org",
        "email": "ada@example.org",
        "password": PASSWORD,
        "password1": PASSWORD,
        "password2": PASSWORD,
        "credential": forged_passkey(editor),
        "next": "/desk/",
    }
    tried = set()
    for pattern in paths(get_resolver().url_patterns):
        cache.clear()  # else the sign-in page may refuse because it was tried too often
        browser = Client(raise_request_exception=False)
        browser.post(as_address(pattern), said)
        assert "_auth_user_id" not in browser.session, pattern
        assert not is_in(browser), pattern
        tried.add(as_address(pattern))
    assert len(tried) > 150
    assert tried > {"/account/login/", "/account/2fa/authenticate/", "/account/2fa/webauthn/login/"}


@pytest.mark.parametrize(
    "address", ["/desk/login/", "/desk/password_reset/", "/desk/password_reset/confirm/a/b/"]
)
def test_the_cms_own_ways_in_lead_to_ours(address, desk, client):
    assert client.post(address, {}).headers["Location"].startswith("/account/")


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_strangers_find_sign_up_and_reset_closed(name, desk, client):
    from django.contrib.auth.models import User
    from django.urls import reverse

    answer = client.post(reverse(name), {"email": "x@example.org", "password1": PASSWORD})

    assert answer.status_code == 403
    assert not User.objects.exists()


def test_the_secret_of_an_app_is_not_in_the_database(editor, code):
    from allauth.mfa.models import Authenticator

    held = Authenticator.objects.get(user=editor).data["secret"]
    assert len(held) > 90


def test_pictures_of_drafts_are_for_staff(desk, client):
    assert client.get("/media/pictures/a.jpg").headers["Location"].startswith("/account/login/")


def test_the_sign_in_page_loads_nothing_from_elsewhere(desk, client):
    import re

    html = client.get("/account/login/", headers={"host": "localhost:8002"}).content.decode()

    sources = re.findall(r"""(?:src|href|action)=["']([^"']+)""", html)
    assert sources
    assert [s for s in sources if "://" in s and "enable-javascript" not in s] == []


@pytest.mark.parametrize(
    ("address", "name", "password", "role", "says"),
    [
        pytest.param("nobody", "A B", PASSWORD, "editor", "no mail address", id="no address"),
        pytest.param("a@example.org", "A B", "lorem", "editor", "too short", id="weak password"),
        pytest.param("a@example.org", "A B", PASSWORD, "owner", "no role", id="unknown role"),
        pytest.param("BEN@example.org", "A B", PASSWORD, "admin", "already", id="taken"),
    ],
)
def test_who_is_not_let_in(reporter, address, name, password, role, says):
    from tamizdat.desk.accounts.actions.staff import StaffError, create_user

    with pytest.raises(StaffError, match=says) as refusal:
        create_user(address, name, password, role)
    assert password not in str(refusal.value)


def a_stranger_guesses(address):
    """Type wrong passwords until the sign-in page no longer looks at any; return what it says."""
    stranger, wrong = Client(), {"login": address, "password": "what it might be"}
    for _ in range(6):
        answer = stranger.post("/account/login/", wrong)
    return answer.context["form"].non_field_errors()


def test_a_stranger_who_guesses_passwords_does_not_keep_an_editor_out(editor, code, client):
    a_stranger_guesses("ada@example.org")
    asked = signs_in(client, "ada@example.org")

    assert asked.headers["Location"] == "/account/2fa/authenticate/"
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert is_in(client)


def test_where_a_password_alone_opens_the_desk_guesses_are_limited(reporter, client):
    a_stranger_guesses("ben@example.org")
    signs_in(client, "ben@example.org")

    assert not is_in(client)


def test_a_stranger_who_guesses_does_not_learn_who_works_here(editor, code, reporter):
    said = []
    for address in ("ada@example.org", "ben@example.org", "nobody@example.org"):
        cache.clear()
        said.append(a_stranger_guesses(address))

    assert "Too many" in str(said[0])
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(
    ("wished", "leads_to"),
    [
        pytest.param("/desk/articles/", "/desk/articles/", id="a page of the desk"),
        pytest.param("https://localhost/desk/", "/desk/", id="this machine"),
        pytest.param("http://testserver/desk/", "/desk/", id="the desk by its name"),
        pytest.param("//evil.example/", "/desk/", id="another host"),
        pytest.param("/\\evil.example/", "/desk/", id="another host for some browsers"),
        pytest.param("javascript:alert(1)", "/desk/", id="a script"),
    ],
)
def test_signing_in_leads_on_to_pages_of_the_desk_alone(reporter, client, wished, leads_to):
    said = {"login": "ben@example.org", "password": PASSWORD, "next": wished}
    answer = client.post("/account/login/", said)

    assert answer.headers["Location"] == leads_to
