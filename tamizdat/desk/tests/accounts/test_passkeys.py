import json
import re

import pytest
from django.test import Client

from tamizdat.desk.accounts import passkeys
from tamizdat.desk.tests.accounts.authenticator import Device
from tamizdat.desk.tests.conftest import PASSWORD

ADD = "/account/2fa/webauthn/add/"
LOGIN = "/account/2fa/webauthn/login/"


@pytest.fixture
def ada(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("ada@example.org", "Ada Holm", PASSWORD, "editor")


@pytest.fixture
def device(ada):
    """Ada's phone, after she has added its passkey."""
    phone, browser = Device(), at_the_desk()
    browser.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    browser.post("/account/reauthenticate/", {"password": PASSWORD})
    asked = re.search(r'id="js_data"[^>]*>(.*?)</script>', browser.get(ADD).content.decode())
    made = phone.make(json.loads(asked[1])["creation_options"])
    browser.post(ADD, {"name": "Phone", "credential": made, "passwordless": "on"})
    return phone


def at_the_desk():
    return Client(headers={"host": "localhost:8002"})


def question(browser):
    """What the desk asks whoever wants to sign in with a passkey."""
    asked = browser.get(LOGIN, headers={"accept": "application/json"}).json()
    return asked["request_options"]


def is_in(browser):
    return browser.get("/desk/").status_code == 200


def signs_in(browser, device):
    browser.post(LOGIN, {"credential": device.sign(question(browser))})
    return is_in(browser)


def test_a_passkey_opens_the_desk_by_itself(device):
    assert signs_in(at_the_desk(), device)


def test_whoever_added_a_passkey_is_asked_for_it_after_the_password(device):
    browser = at_the_desk()
    browser.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    assert not is_in(browser)

    browser.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    page = browser.get("/account/2fa/authenticate/").content.decode()
    asked = json.loads(re.search(r'id="js_data"[^>]*>(.*?)</script>', page)[1])
    answer = device.sign(asked["request_options"])
    browser.post("/account/2fa/authenticate/", {"credential": answer})
    assert is_in(browser)


def test_an_answer_opens_one_session_only(device):
    first, second = at_the_desk(), at_the_desk()
    answer = device.sign(question(first))
    question(second)
    first.post(LOGIN, {"credential": answer})
    second.post(LOGIN, {"credential": answer})

    assert is_in(first)
    assert not is_in(second)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({}, id="another key under the same number"),
        pytest.param({"origin": "https://desk.example.com"}, id="asked by another site"),
        pytest.param({"origin": "http://127.0.0.1:8002"}, id="asked at a number"),
        pytest.param({"name": "example.com"}, id="bound to another name"),
        pytest.param({"checks_the_user": False}, id="without fingerprint or PIN"),
    ],
)
def test_what_is_not_this_passkey_at_this_desk_opens_nothing(device, wrong):
    other = Device(**wrong)
    other.known_as, other.handle = device.known_as, device.handle
    if wrong:
        other.key = device.key
    browser = at_the_desk()

    assert not signs_in(browser, other)
    assert "_auth_user_id" not in browser.session


def test_a_passkey_opens_nobody_else_s_desk(device, desk):
    from allauth.account.utils import user_pk_to_url_str

    from tamizdat.desk.accounts.actions.staff import create_user

    ben = create_user("ben@example.org", "Ben Arel", PASSWORD, "admin")
    device.handle = user_pk_to_url_str(ben).encode()

    assert not signs_in(at_the_desk(), device)


def test_a_colleague_who_left_is_not_let_in_by_a_passkey(device, ada):
    ada.is_active = False
    ada.save()

    assert not signs_in(at_the_desk(), device)


def test_a_passkey_that_was_removed_opens_nothing_and_ends_its_session(device):
    from allauth.mfa.models import Authenticator

    browser = at_the_desk()
    assert signs_in(browser, device)
    Authenticator.objects.filter(type="webauthn").delete()

    assert not is_in(browser)
    assert not signs_in(at_the_desk(), device)


@pytest.mark.parametrize(
    ("address", "name", "home"),
    [
        ("https://desk.example.org", "desk.example.org", "https://desk.example.org"),
        ("https://desk.example.org:8443", "desk.example.org", "https://desk.example.org:8443"),
        ("http://127.0.0.1:8002", "localhost", "http://localhost:8002"),
        ("http://[::1]:8002", "localhost", "http://localhost:8002"),
        ("http://localhost:8002", "localhost", "http://localhost:8002"),
        ("http://desk.example.org", "desk.example.org", ""),
        ("https://192.0.2.7", "192.0.2.7", ""),
    ],
)
def test_passkeys_are_bound_to_a_name(address, name, home):
    assert passkeys.domain(address) == name
    assert passkeys.home(address) == home


def test_at_a_number_the_sign_in_page_says_where_passkeys_work(desk):
    named = at_the_desk().get("/account/login/").content.decode()
    numbered = Client(headers={"host": "127.0.0.1:8002"}).get("/account/login/").content.decode()

    assert "Sign in with a passkey" in named
    assert "Sign in with a passkey" not in numbered
    assert 'href="http://localhost:8002/account/login/"' in numbered


MALFORMED = [
    pytest.param("{}", id="nothing"),
    pytest.param("null", id="null"),
    pytest.param('[1, "a"]', id="a list"),
    pytest.param('{"id": 1}', id="a number"),
    pytest.param(
        '{"id": "a", "rawId": "a", "response": 5, "type": "public-key"}', id="a part of it"
    ),
    pytest.param("[" * 3000, id="lists within lists"),
    pytest.param('{"a":' * 3000, id="objects within objects"),
]


@pytest.mark.parametrize("sent", MALFORMED)
def test_what_is_no_passkey_at_all_is_refused_at_every_door(device, sent):
    """A stranger may send anything; none of it is our error, and none of it fills the log."""
    stranger, thief, owner = at_the_desk(), at_the_desk(), at_the_desk()
    question(stranger)
    thief.post("/account/login/", {"login": "ada@example.org", "password": PASSWORD})
    thief.get("/account/2fa/authenticate/")
    signs_in(owner, device)
    owner.post("/account/reauthenticate/", {"password": PASSWORD})
    owner.get(ADD)

    assert stranger.post(LOGIN, {"credential": sent}).status_code == 302
    assert thief.post("/account/2fa/authenticate/", {"credential": sent}).status_code == 200
    assert owner.post(ADD, {"name": "x", "credential": sent}).status_code == 200
    again = "/account/2fa/webauthn/reauthenticate/"
    assert owner.post(again, {"credential": sent}).status_code == 302
    assert not is_in(stranger)
    assert not is_in(thief)
    assert is_in(owner)
