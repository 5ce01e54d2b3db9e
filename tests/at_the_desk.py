"""Somebody at the desk over HTTP: signs in, sets an authenticator app up, fills in forms."""

import re
from base64 import b32decode
from html.parser import HTMLParser
from time import sleep, time

import requests
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

PATIENCE_S = 60


class AtTheDesk:
    """A browser at the desk."""

    def __init__(self, address):
        self._address = address
        self._browser = requests.Session()

    def sign_in(self, login, password):
        """Sign in for the first time, with an authenticator app that is set up on the way."""
        self.post("/account/login/", login=login, password=password)
        asked = {"password": password, "next": "/account/2fa/totp/activate/"}
        page = self.send("/account/reauthenticate/", asked)
        secret = re.search(r"\b[A-Z2-7]{32}\b", page)[0]
        app = TOTP(b32decode(secret), 6, SHA1(), 30, enforce_key_length=False)
        return self.send(
            "/account/2fa/totp/activate/", {"code": app.generate(int(time())).decode()}
        )

    def publish(self, headline):
        """Write an article, with a section and a person of its own, and publish it."""
        chosen = {}
        for kind, name in (("section", "Courts"), ("person", "Ada Holm")):
            self.post(f"/desk/snippets/desk/{kind}/add/", name=name, slug=kind)
            listed = self.get(f"/desk/snippets/desk/{kind}/")
            chosen[kind] = re.findall(rf"/desk/snippets/desk/{kind}/edit/(\d+)/", listed)[0]
        body = {"body": streamfield([("text", rich_text("<p>They came down.</p>"))])}
        bylines = {"bylines": inline_formset([{"person": chosen["person"], "role": "by"}])}
        index = self._articles()
        said = {"title": headline, "slug": "one", "section": chosen["section"]}
        fields = nested_form_data(body | bylines) | said | {"action-publish": "action-publish"}
        return self.post(f"/desk/pages/add/desk/articlepage/{index}/", **fields)

    def make_newsletter(self, code, name):
        """Let readers subscribe to a newsletter."""
        words = {"language": "en", "name": name, "about": "The week.", "frequency": "Weekly"}
        texts = {f"texts-0-{key}": word for key, word in words.items()}
        return self.post(
            "/desk/snippets/letters/newsletter/add/", code=code, weekday="4", offered="on", **texts
        )

    def send_issue(self, subject):
        """Compose an issue of the first newsletter, try it, approve and send it."""
        page = self.send("/desk/letters/compose/", {"what": "1:en"})
        at = re.search(r"/desk/letters/(\d+)/", page)[0]
        self.post(at, subject=subject)
        self._press(at, "try/", address="nora@example.org")
        until = time() + PATIENCE_S
        while f"{at}approve/" not in self.get(at) and time() < until:
            sleep(0.5)  # until the worker has handed the test over
        self._press(at, "approve/")
        return self._press(at, "send/")

    def _press(self, at, button, **fields):
        """Press a button of an issue's page, which sends all that stands there."""
        return self.send(f"{at}{button}", {**form_of(self.get(at), at), **fields})

    def unlock(self, passphrase):
        """Type the passphrase of the reader key."""
        return self.send("/desk/letters/unlock/", {"passphrase": passphrase})

    def ask_what_is_held(self, address):
        """Seal what a reader asked for."""
        asked = {"kind": "question", "address": address, "language": "en"}
        return self.send("/desk/letters/data-requests/", asked)

    def _articles(self):
        page = self.get("/desk/articles/choose_parent/")
        return re.search(r"/desk/pages/add/desk/articlepage/(\d+)/", page)[1]

    def get(self, path):
        answer = self._browser.get(f"{self._address}{path}", timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.text

    def post(self, path, **fields):
        """Fill in the form of a page as it stands there, with these fields changed, and send it."""
        return self.send(path, {**form_of(self.get(path), path), **fields})

    def send(self, path, fields):
        """Send a form, and return the page that it leads to."""
        fields = {**fields, "csrfmiddlewaretoken": self._browser.cookies["csrftoken"]}
        answer = self._browser.post(f"{self._address}{path}", fields, timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.text


def form_of(page, path):
    """Return what a browser would send with the form that a page posts to itself."""
    reader = _Form(path)
    reader.feed(page)
    return reader.fields


def _listed(values):
    return values if isinstance(values, list) else [values]


class _Form(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.fields = {}
        self._path = path
        self._is_in = False
        self._area = self._select = None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._is_in = given.get("method", "").lower() == "post" and (
                given.get("action") or self._path
            ).startswith(self._path)
        name = given.get("name")
        if tag == "option" and self._select and ("selected" in given):
            self.fields[self._select] = given.get("value", "")
        if not self._is_in or not name:
            return
        if tag == "input" and self._is_sent(given):
            value = given.get("value") or ("on" if "checked" in given else "")
            ticked = given.get("type") == "checkbox" and self.fields.get(name)
            self.fields[name] = [*_listed(ticked), value] if ticked else value
        self._area = name if tag == "textarea" else self._area
        self._select = name if tag == "select" else self._select
        if tag == "textarea":
            self.fields[name] = ""

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_in = False
        self._area = None if tag == "textarea" else self._area
        self._select = None if tag == "select" else self._select

    @staticmethod
    def _is_sent(given):
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio"):
            return "checked" in given
        return kind not in ("submit", "button", "file", "image")
