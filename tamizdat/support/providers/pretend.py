"""The adapter to the pretend service: no money moves, everything else is as in earnest."""

import hashlib
import hmac
import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

from tamizdat.lib import clock
from tamizdat.lib.money import Money
from tamizdat.support.pretend import cards
from tamizdat.support.pretend.service import (
    Ask,
    NoSuchContributionError,
    ReusedError,
    Seen,
    Service,
)
from tamizdat.support.providers.base import (
    Changes,
    Done,
    Failed,
    ForgedWebhookError,
    Hint,
    Instrument,
    KeyReusedError,
    NeedsAction,
    Order,
    Outcome,
    Paid,
    Processing,
    Provider,
    Snapshot,
    UnknownError,
)

SIGNATURE = "pretend-signature"
BELIEVED_FOR = timedelta(minutes=5)


class Pretend(Provider):
    """The pretend service. A token is the number of one of its test cards, as typed."""

    name: ClassVar[str] = "pretend"

    def __init__(
        self, book: Path, origin: str, now: Callable[[], datetime] = clock.now, listed: str = "RU"
    ) -> None:
        """Open the service's book.

        Args:
            book: The service's own file. It is not ours: nothing but this service reads it.
            origin: Where the service's question page is reached; in the box, the till.
            now: The service's clock.
            listed: The country of the test card that must be refused (ISO 3166-1 alpha-2).
        """
        self._listed = listed
        self.service = Service(book, now)
        self._origin = origin
        self._now = now

    def _inspect(self, method_token: str) -> Instrument:
        country = _card(method_token).country
        return Instrument("card", self._listed if country == cards.LISTED else country)

    def _start(self, order: Order, method_token: str, key: str) -> Outcome:
        card = _card(method_token)
        ask = Ask(order.money.minor, order.money.currency, order.interval, order.back)
        try:
            seen = self.service.begin(card, ask, key)
        except ReusedError as error:
            raise KeyReusedError("this key stands for another payment") from error
        return self._outcome(_snapshot(seen))

    def _outcome(self, snapshot: Snapshot) -> Outcome:
        if snapshot.status == "needs_action":
            return NeedsAction(snapshot, f"{self._origin}/pretend/question/{snapshot.ref}")
        if snapshot.status == "processing":
            return Processing(snapshot)
        if snapshot.status == "failed":
            return Failed(snapshot, snapshot.reason or "unknown")
        return Done(snapshot)

    def _fetch(self, name: str) -> Snapshot:
        try:
            return _snapshot(self.service.show(name))
        except NoSuchContributionError as error:
            raise UnknownError("the pretend service knows no such gift") from error

    def _stop(self, ref: str, key: str) -> Snapshot:
        try:
            return _snapshot(self.service.stop(ref))
        except NoSuchContributionError as error:
            raise UnknownError("the pretend service knows no such gift") from error

    def _read_webhook(self, headers: Mapping[str, str], raw: bytes) -> tuple[Hint, ...]:
        stamp, _, signature = headers.get(SIGNATURE, "").partition(":")
        if not hmac.compare_digest(signature.encode(), self._sign(stamp, raw).encode()):
            raise ForgedWebhookError("the signature does not fit")
        if abs(self._now() - datetime.fromisoformat(stamp)) > BELIEVED_FOR:
            raise ForgedWebhookError("signed too long ago")
        said = json.loads(raw)
        return (Hint(event=said["event"], ref=said["gift"]),)

    def _since(self, cursor: str) -> Changes:
        seen, last = self.service.since(int(cursor or 0))
        return Changes(tuple(_snapshot(one) for one in seen), str(last))

    def signed(self, event: str, ref: str) -> tuple[dict[str, str], bytes]:
        """Return headers and body of a webhook event, as the service would post it now."""
        raw = json.dumps({"event": event, "gift": ref}).encode()
        stamp = self._now().strftime("%Y%m%dT%H%M%S%z")
        return {SIGNATURE: f"{stamp}:{self._sign(stamp, raw)}"}, raw

    def _sign(self, stamp: str, raw: bytes) -> str:
        return hmac.new(self.service.book.secret, stamp.encode() + raw, hashlib.sha256).hexdigest()


def _card(method_token: str) -> cards.Card:
    card = cards.find(method_token)
    if card is None:
        raise UnknownError("no such card")
    return card


def _snapshot(seen: Seen) -> Snapshot:
    row = seen.row
    running = row["state"] == "running"
    return Snapshot(
        ref=row["ref"],
        key=row["key"],
        status=row["state"],
        version=row["turn"],
        charges=tuple(_paid(charge) for charge in seen.paid),
        reason=row["reason"],
        next_charge=datetime.fromisoformat(row["wakes"]).date() if running else None,
    )


def _paid(row: sqlite3.Row) -> Paid:
    return Paid(
        ref=row["ref"],
        money=Money(row["minor"], row["currency"]),
        at=datetime.fromisoformat(row["at"]),
    )
