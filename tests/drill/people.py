"""What readers do, over HTTP, at a real counter and a real till."""

import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tamizdat.support.tests.box import hidden
from tamizdat.support.tokens import digest
from tests.drill.place import Place

# It stands in every address and nowhere else, and is found again in every encoding.
MARK = "quilhaven"
CARD = "4242 4242 4242 4242"


@dataclass
class Truth:
    """What the drill knows and whoever takes the machine does not."""

    asked: dict[str, datetime] = field(default_factory=dict)  # address: when
    pairs: list[tuple[str, str]] = field(default_factory=list)  # address, hash of manage token
    links: dict[str, str] = field(default_factory=dict)

    @property
    def addresses(self) -> list[str]:
        return sorted(self.asked)

    def since(self, moment: datetime) -> set[str]:
        return {address for address, at in self.asked.items() if at > moment}


@dataclass
class People:
    """Readers with addresses that were invented for this run."""

    place: Place
    truth: Truth = field(default_factory=Truth)
    consent: str = ""
    count: int = 0

    def sign_up(self, many: int, kind: str) -> list[str]:
        """Let so many sign up for the newsletter, and return their addresses."""
        return [self._sign_up(self._new(kind)) for _ in range(many)]

    def confirm(self, addresses: list[str]) -> None:
        """Press the button in the confirmation letters that these people got."""
        links = self.place.relay.links()
        for address in addresses:
            assert self.place.post(links[address]).status == 200

    def remind(self, many: int) -> None:
        for _ in range(many):
            address = self._new("reminder")
            fields = {"address": address, "stamp": stamp("remind", address)}
            assert self.place.post(f"{self._counter}/en/remind", **fields).status == 200

    def give(self, many: int) -> list[str]:
        """Let so many give each month, and ask for a receipt each time; return their addresses."""
        return [self._give_with_a_receipt() for _ in range(many)]

    def say(self, addresses: list[str], what: str) -> None:
        """Press a button of the mailboxes of these people, who got a letter."""
        from tamizdat.lib import clock

        links = self.place.relay.links("mailbox")
        for address in addresses:
            self.truth.asked[address] = clock.now()
            assert self.place.post(links[address], say=what).status == 200

    def editor(self) -> str:
        """Return a new address of somebody at the desk."""
        return self._new("editor")

    def _sign_up(self, address: str) -> str:
        form = f"{self._counter}/en/subscribe"
        self.consent = self.consent or hidden(self.place.get(form).text, "consent")
        fields = {"address": address, "newsletter": "friday", "consent": self.consent}
        answer = self.place.post(form, stamp=stamp("subscribe", address), **fields)
        assert answer.status == 200, answer.text
        return address

    def _give_with_a_receipt(self) -> str:
        token = self._give()
        address = self._new("giver")
        fields = {"address": address, "each": "yes"}
        answer = self.place.post(f"{self._counter}/en/receipt/{token}", **fields)
        assert answer.status == 200, answer.text
        self.truth.pairs.append((address, digest(token)))
        return address

    def _give(self) -> str:
        declared = {"declared": "yes", "interval": "month", "minor": str(300 + 10 * self.count)}
        begun = self.place.post(f"{self._counter}/en/declare", **declared)
        assert begun.status == 303, begun.text
        paid = self.place.post(begun.location, handle=CARD)
        assert paid.status == 303, paid.text
        return paid.location.rpartition("/")[2]

    def _new(self, kind: str) -> str:
        from tamizdat.lib import clock

        self.count += 1
        address = f"{MARK}.{kind}{self.count}@{MARK}.org"
        self.truth.asked[address] = clock.now()
        return address

    @property
    def _counter(self) -> str:
        return self.place.newsroom.addresses.counter


def stamp(kind: str, address: str) -> str:
    """Return a proof of work, as a reader's browser makes it."""
    random = os.urandom(8).hex()
    day = datetime.now(UTC).date()
    begun = hashlib.sha256(f"tz1|{kind}|{day}|{address}|{random}|".encode())
    count = 0
    while True:
        tried = begun.copy()
        tried.update(str(count).encode())
        if tried.digest()[:2] == b"\0\0":
            return f"tz1|{day}|{random}|{count}"
        count += 1
