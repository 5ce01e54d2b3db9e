"""Somebody at counter and till, honest or not: forms over a connection that stays open."""

import http.client
import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from tamizdat.readers.counter.admission.network import HEADER

NETWORK = HEADER.removeprefix("HTTP_").replace("_", "-")
GOOD, DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002"
PATIENCE_S = 15.0

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str

    @property
    def is_taken(self) -> bool:
        return self.status in (HTTPStatus.OK, HTTPStatus.SEE_OTHER)


@dataclass
class Visitor:
    """One sender. `network` is what a web server in front would say about them."""

    counter: str
    till: str
    network: str = ""
    _open: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def post(self, role: str, address: str, fields: Fields) -> Answer:
        """Send a form to a path, or to an address that an answer led to."""
        return self._ask(
            role,
            urlsplit(address).path,
            urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )

    def call(self, path: str, said: dict[str, Any]) -> Answer:
        """Send JSON to the till, without any key."""
        return self._ask("till", path, json.dumps(said), {"Content-Type": "application/json"})

    def _ask(self, role: str, path: str, body: str, headers: dict[str, str]) -> Answer:
        connection = self._open.get(role) or self._connect(role)
        try:
            connection.request("POST", path, body, headers | {NETWORK: self.network})
            got = connection.getresponse()
            return Answer(got.status, got.headers.get("Location", ""), got.read().decode())
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._open.pop(role, None)
            raise OSError from error

    def _connect(self, role: str) -> http.client.HTTPConnection:
        parts = urlsplit(getattr(self, role))
        made = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_S)
        self._open[role] = made
        return made


def sign_up(address: str, consent: str) -> Fields:
    """Return a sign-up's fields, as the demonstration's box under an article has them."""
    return {"address": address, "newsletter": "friday", "consent": consent}


def declaration() -> Fields:
    """Return what stands on the page before a payment, ticked."""
    return {"interval": "once", "minor": "500", "declared": "yes"}
