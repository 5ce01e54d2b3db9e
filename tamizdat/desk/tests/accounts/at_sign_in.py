"""A browser in front of the desk's sign-in pages, with somebody who presses their buttons."""

import json
import re
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client

TOTP = "/account/2fa/totp/"
PASSKEY = "/account/2fa/webauthn/"
RECOVERY = "/account/2fa/recovery-codes/"
STEP = "/account/2fa/authenticate/"
desk = Client().handler  # one for all: to load it takes longer than most requests


class Browser:
    """One browser; it never follows where it is sent."""

    def __init__(self, address):
        self.address = address
        self.client = Client(headers={"host": "localhost:8002"})
        self.client.handler = desk

    def types_password(self, password):
        return self.client.post("/account/login/", {"login": self.address, "password": password})

    def types_code(self, code):
        return self.client.post(STEP, {"code": code})

    def shows_passkey_after_the_password(self, device):
        options = self._options(STEP, "request_options")
        if options:
            self.client.post(STEP, {"credential": device.sign(options)})

    def shows_passkey(self, device):
        asked = self.client.get(PASSKEY + "login/", headers={"accept": "application/json"})
        if asked.headers["Content-Type"] == "application/json":
            signed = device.sign(asked.json()["request_options"])
            self.client.post(PASSKEY + "login/", {"credential": signed})

    def confirms(self, password):
        self.client.post("/account/reauthenticate/", {"password": password})

    def asks_for_an_app(self):
        """Return the secret that the page shows for an authenticator app; "" if it shows none."""
        self.client.get(TOTP + "activate/")
        return self.client.session.get("mfa.totp.secret", "")

    def sets_app_up(self, code):
        return self.client.post(TOTP + "activate/", {"code": code} if code else {})

    def removes_app(self):
        return self.client.post(TOTP + "deactivate/")

    def adds_passkey(self, device):
        options = self._options(PASSKEY + "add/", "creation_options")
        made = device.make(options) if options else "{}"
        sent = {"name": "Phone", "credential": made, "passwordless": "on"}
        return self.client.post(PASSKEY + "add/", sent)

    def removes_passkey(self, number):
        return self.client.post(f"{PASSKEY}keys/{number}/remove/")

    def makes_recovery_codes(self):
        return self.client.post(RECOVERY + "generate/")

    def changes_password(self, old, new):
        said = {"oldpassword": old, "password1": new, "password2": new}
        return self.client.post("/account/password/", said)

    def posts_without_a_token(self, path):
        """Send an empty form that this desk never gave out; it is refused before it is read."""
        desk.enforce_csrf_checks = True
        answer = self.client.post(path)
        desk.enforce_csrf_checks = False
        return answer.status_code

    def signs_out(self):
        return self.client.post("/account/logout/")

    def reaches(self, path):
        """Return whether this page of the desk would open here, and leave no trace of the question.

        The desk ends a session when it is asked by one that is over. A test that looks after each
        step would do the desk's work for it.
        """
        other = Browser(self.address)
        other.puts_cookie_back(self.cookie())
        with transaction.atomic():
            answer = other.client.get(path)
            b"".join(answer)  # or a file that is sent stays open
            transaction.set_rollback(True)
        return answer.status_code == 200

    def is_sent_to(self, path):
        """Return where the desk sends this browser instead of showing that page."""
        return urlsplit(self.client.get(path).headers.get("Location", "")).path

    def cookie(self):
        held = self.client.cookies.get("desk")
        return held.value if held else ""

    def puts_cookie_back(self, cookie):
        self.client.cookies["desk"] = cookie

    def _options(self, path, name):
        page = self.client.get(path).content.decode()
        found = re.search(r'id="js_data"[^>]*>(.*?)</script>', page)
        return json.loads(found[1])[name] if found else None
