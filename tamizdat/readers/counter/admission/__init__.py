"""Who may hand in a form now: the one place that every form of counter and till passes.

Limits are buckets by network, so that no sender spends what others need. Where a bucket is
empty the form comes back with a price, and whoever pays it is taken.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from django.http import HttpRequest

from tamizdat.readers.counter.admission import price as pricing
from tamizdat.readers.counter.admission import proof_of_work
from tamizdat.readers.counter.admission.network import Network, network
from tamizdat.readers.counter.admission.price import Price, Quotes
from tamizdat.readers.counter.admission.proof_of_work import Once, Work
from tamizdat.readers.counter.admission.senders import Senders
from tamizdat.readers.counter.bucket import Bucket, Rate

LONGEST_PROOF = 200
NARROW_IN_WIDE = 16  # networks of one wide prefix that count as one sender


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many forms are taken from a network, from the wider one around it, from everybody."""

    narrow: Rate
    wide: Rate
    everybody: Rate


@dataclass(frozen=True, slots=True)
class Limits:
    """The allowances of a form: with the proof that our script makes, and without.

    They are apart, so that no flood of the one kind spends what readers of the other need.
    """

    plain: Allowance
    proven: Allowance | None = None


_WITH_ADDRESS = Limits(
    plain=Allowance(Rate(8, 4), Rate(32, 16), Rate(600, 30)),
    proven=Allowance(Rate(60, 30), Rate(240, 120), Rate(2_400, 600)),
)
# Mail programs press these buttons, too: many readers' from one network, without a script.
_WITH_TOKEN = Limits(plain=Allowance(Rate(300, 150), Rate(1_200, 600), Rate(6_000, 2_400)))

# A choice about a mailbox stays as a row until the desk has opened its link, made up or not.
_WITH_LINK = Limits(plain=Allowance(Rate(30, 15), Rate(120, 60), Rate(1_200, 300)))

LIMITS: Mapping[str, Limits] = {
    "subscribe": _WITH_ADDRESS,
    "remind": _WITH_ADDRESS,
    "receipt": _WITH_ADDRESS,
    "confirm": _WITH_TOKEN,
    "leave": _WITH_TOKEN,
    "again": _WITH_TOKEN,
    "cancel": _WITH_TOKEN,
    "mailbox": _WITH_LINK,
    "stop": _WITH_TOKEN,
    "declare": Limits(plain=Allowance(Rate(20, 10), Rate(160, 80), Rate(500, 200))),
    "pay": Limits(plain=Allowance(Rate(30, 15), Rate(240, 120), Rate(800, 300))),
}
# Prices that were asked: with each the next is dearer.
ASKED = Allowance(Rate(30, 15), Rate(120, 60), Rate(3_000, 1_500))


class Admission:
    """Takes forms or asks a price for them. Keeps all it knows in the memory of this process."""

    def __init__(self, limits: Mapping[str, Limits] = LIMITS) -> None:
        self._limits = limits
        self._senders, self._quotes, self._once = Senders(), Quotes(), Once()
        self._everybody: dict[str, Bucket] = {}
        self._lock = Lock()

    def refusal(self, request: HttpRequest, kind: str, subject: str = "") -> Price | None:
        """Return None and count the form as taken, or the price to ask for it.

        Ask this last, when nothing else is wrong with the form: a proof is good once.

        Args:
            request: The POST; its field `stamp` may hold a proof of work.
            kind: A key of `LIMITS`.
            subject: The address that was typed, where the form has one.
        """
        proof = request.POST.get("stamp", "")[:LONGEST_PROOF]
        today = datetime.now(UTC).date()  # the reader's clock is real, even where ours is moved
        return self.judge(
            kind,
            proof_of_work.work(proof, kind, subject, today),
            network(request.META),
            time.monotonic(),
        )

    def judge(self, kind: str, work: Work | None, sender: Network, at: float) -> Price | None:
        """Return None and count the form as taken, or the price to ask for it."""
        if work is not None and work.is_priced and self._is_paid(work, at):
            return None
        limits = self._limits[kind]
        name, allowance = f"{kind} plain", limits.plain
        if limits.proven and work and not work.is_priced and self._once.is_new(work.name):
            name, allowance = f"{kind} proven", limits.proven
        with self._lock:
            if self._take(name, allowance, sender, at):
                return None
            return self._price(kind, sender, at)

    def price(self, request: HttpRequest, kind: str) -> Price:
        """Return a price for a form that was taken here and could not be brought any further."""
        with self._lock:
            return self._price(kind, network(request.META), time.monotonic())

    def _is_paid(self, work: Work, at: float) -> bool:
        return self._quotes.is_good(work.name, work.hashes, at) and self._once.is_new(work.name)

    def _take(self, name: str, allowance: Allowance, sender: Network, at: float) -> bool:
        """Take a token from each bucket, if all have one and others' part stays untouched.

        What everybody shares is kept for those who used least of it: the first form of a
        network may take the last token, its second one of the upper half, its third one of the
        upper quarter. So a flood from many networks leaves half to those that are no part of it.
        """
        own = self._own(name, allowance, sender, at)
        shared = self._shared(name, allowance.everybody)
        used = max(taken for _, taken in own)
        kept = shared.most * (1 - 0.5**used)
        if shared.left(at) < max(kept, 1) or any(bucket.left(at) < 1 for bucket, _ in own):
            return False
        for bucket in (shared, *(bucket for bucket, _ in own)):
            bucket.take(at)
        return True

    def _price(self, kind: str, sender: Network, at: float) -> Price:
        """Ask a price: the dearer, the more was asked of this network, or of all, of late.

        What is asked of a network beyond its own part makes nothing dearer for others.
        """
        buckets = [bucket for bucket, _ in self._own("asked", ASKED, sender, at)]
        buckets.append(self._shared("asked", ASKED.everybody))
        left = min(bucket.left(at) / bucket.most for bucket in buckets)
        for bucket in buckets:  # from narrow to wide
            if not bucket.take(at):
                break
        hashes = pricing.hashes(left)
        return Price(kind, hashes, self._quotes.give(hashes, at))

    def _own(
        self, name: str, allowance: Allowance, sender: Network, at: float
    ) -> list[tuple[Bucket, float]]:
        """Return a sender's buckets, each with how much it took, in forms of one network."""
        wide, taken = self._senders.bucket(f"{name} {sender.wide}", allowance.wide, at)
        found: list[tuple[Bucket, float]] = [(wide, taken / NARROW_IN_WIDE)]
        if sender.narrow is not None:
            narrow = self._senders.bucket(f"{name} {sender.narrow}", allowance.narrow, at)
            found.insert(0, narrow)
        return found

    def _shared(self, name: str, rate: Rate) -> Bucket:
        return self._everybody.setdefault(name, Bucket(*rate))


admission = Admission()
