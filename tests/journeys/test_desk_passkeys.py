"""Signing in at a newsroom in earnest, where whoever publishes must have a second step."""

import hashlib
import hmac
import os
import re
import socket
import struct
import subprocess
import sys
import time
from base64 import b32decode
from contextlib import closing, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.free_ports import free_ports

PASSWORD = "a long and quiet password"
PHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def tamizdat(*words):
    """Run the command line and return once it is done."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TAMIZDAT_")}
    run = subprocess.run(
        [sys.executable, "-m", "tamizdat.site", *words],
        env=environment | {"TAMIZDAT_PASSWORD": PASSWORD},
        capture_output=True,
        check=False,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr


def wait_until_open(port, process):
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port))):
            return
        time.sleep(0.1)
    pytest.fail("the desk did not open")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The address of the desk of a small newsroom, at the name to which passkeys are bound."""
    folder, port = str(tmp_path_factory.mktemp("earnest") / "sheet"), free_ports(4)
    tamizdat(
        "init", folder, "--name", "The Sheet", "--address", f"http://127.0.0.1:{port}", "--yes"
    )
    for name in ("ada", "ben"):
        tamizdat(
            *("--newsroom", folder, "createuser", f"{name}@example.org"),
            *("--name", f"{name.title()} Holm", "--role", "editor"),
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "tamizdat.site", "--newsroom", folder, "serve", "--role", "desk"],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until_open(port + 2, process)
    yield f"http://localhost:{port + 2}"
    process.terminate()
    process.wait(timeout=20)


@dataclass
class Colleague:
    """Somebody who may publish, at their own computer."""

    name: str
    page: Page
    desk: str

    def type_password(self) -> None:
        self.page.goto(f"{self.desk}/desk/")
        self.page.locator("input[name=login]").fill(f"{self.name}@example.org")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def confirm(self) -> None:
        """Type the password again, as whoever changes how they sign in must."""
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.get_by_role("button", name="Go on").click()

    def sign_out(self) -> None:
        self.page.goto(f"{self.desk}/account/logout/")
        self.page.locator("main form button[type=submit]").click()

    def is_shut_out(self) -> bool:
        """Try to work, and say whether that led elsewhere each time."""
        tried = ("/desk/articles/", "/desk/pages/3/edit/", "/mailbox/", "/desk/account/", "/desk/")
        ways = [urlsplit(self.page.goto(f"{self.desk}{path}").url).path for path in tried]
        return all(way.startswith("/account/") for way in ways)

    def expect_desk(self) -> None:
        self.page.wait_for_url(re.compile(r"/desk/$"))
        expect(self.page.get_by_role("heading", name="Waiting for you")).to_be_visible()


@pytest.fixture
def ada(visit, desk) -> Colleague:
    """Ada, whose computer keeps passkeys."""
    visitor = visit()
    keys = visitor.context.new_cdp_session(visitor.page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    return Colleague("ada", visitor.page, desk)


def code(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238)."""
    moment = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(b32decode(secret), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_a_publisher_adds_a_passkey_and_signs_in_with_it(ada):
    page = ada.page
    ada.type_password()
    assert ada.is_shut_out()
    page.goto(f"{ada.desk}/desk/")
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("link", name="Add a passkey").click()
    ada.confirm()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
    page.get_by_role("link", name="Back to the desk").click()
    ada.expect_desk()

    ada.sign_out()
    assert ada.is_shut_out()
    page.get_by_role("button", name="Sign in with a passkey").click()
    ada.expect_desk()

    ada.sign_out()
    ada.type_password()
    page.get_by_role("button", name="Use your passkey").click()
    ada.expect_desk()


def test_without_the_passkey_the_password_opens_nothing(ada, visit, desk):
    thief = Colleague("ada", visit().page, desk)
    thief.type_password()

    expect(thief.page.get_by_role("heading", name="Second step")).to_be_visible()
    assert thief.is_shut_out()


def test_a_publisher_with_an_app_signs_in_by_its_code(visit, desk):
    ben = Colleague("ben", visit().page, desk)
    ben.type_password()
    ben.page.get_by_role("link", name="Set an app up").click()
    ben.confirm()
    secret = ben.page.locator("#authenticator_secret").input_value()
    ben.page.locator("input[name=code]").fill(code(secret))
    ben.page.get_by_role("button", name="Activate").click()
    ben.page.get_by_role("link", name="Back to the desk").click()
    ben.expect_desk()

    ben.sign_out()
    ben.type_password()
    ben.page.locator("input[name=code]").fill("000000")
    ben.page.get_by_role("button", name="Sign in with the code").click()
    expect(ben.page.get_by_role("alert").first).to_contain_text("Incorrect code")
    ben.page.locator("input[name=code]").fill(code(secret))
    ben.page.get_by_role("button", name="Sign in with the code").click()
    ben.expect_desk()
