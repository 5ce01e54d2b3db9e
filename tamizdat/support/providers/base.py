"""The port to the payment services: what the till asks of any of them, in our words.

Six calls. A service's own words, objects and errors end in its adapter. Nothing crosses
the port but the frozen values of this file, and nothing about a person crosses it at all.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, ParamSpec, TypeVar, final

from tamizdat.lib.money import Money

_P = ParamSpec("_P")
_R = TypeVar("_R")

Interval = Literal["once", "month", "year"]
INTERVALS: tuple[Interval, ...] = ("once", "month", "year")

Reason = Literal["declined", "insufficient", "details", "later", "step", "unknown"]
"""Why a payment failed, as far as a reader can act on it.

"step": the bank's own question was not answered; "later": worth trying again unchanged.
"""

PaymentStatus = Literal[
    "needs_action", "processing", "paid", "running", "late", "stopped", "failed"
]
"""How a contribution stands at the service. "paid" is of a single one; "running", "late" (the last
charge failed, the service still tries) and "stopped" are of monthly and annual ones."""


class ProviderError(Exception):
    """A payment service could not do what we asked. `retry`: the same call may work later."""

    retry = False


class UnreachableError(ProviderError):
    """No answer, or one that makes no sense: we do not know whether anything was done."""

    retry = True


class KeyReusedError(ProviderError):
    """The idempotency key stands for another payment. Nothing was done by this call."""


class ForgedWebhookError(ProviderError):
    """A webhook event that the service did not sign, or that is too old to be believed."""


class UnknownError(ProviderError):
    """The service knows nothing of what was named."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """What a reader wants to pay with. `country` is where it was issued, None if nobody says."""

    kind: str
    country: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """What the service is told about a contribution, and all that it is told.

    `back` is where the reader's browser returns after the bank's own question. It holds no
    manage token: the service has no use for it, and would keep it beside the card.
    """

    money: Money
    interval: Interval
    back: str


@dataclass(frozen=True, slots=True)
class Paid:
    """One successful charge. `ref` is the service's name for it, never used twice."""

    ref: str
    money: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How a contribution stands at the service: the only source of truth about money.

    `version` grows with all that happens to the contribution there, so that of two snapshots the
    later is known however they arrive. `charges` are all of the contribution so far. `key` is ours,
    given at the start; `ref` is theirs.
    """

    ref: str
    key: str
    status: PaymentStatus
    version: int
    charges: tuple[Paid, ...] = ()
    reason: Reason | None = None
    next_charge: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The money is given."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class NeedsAction:
    """The bank asks its own question (3-D Secure) at `address`; the browser has to go there."""

    snapshot: Snapshot
    address: str


@dataclass(frozen=True, slots=True)
class Processing:
    """The service will know later; neither given nor refused."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing was charged, for good: another attempt needs another key."""

    snapshot: Snapshot
    reason: Reason


Outcome = Done | NeedsAction | Processing | Failed


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint that something happened to the contribution `ref`. What, is asked with `fetch`."""

    event: str
    ref: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Contributions that changed after a cursor, and the cursor to ask with next time."""

    snapshots: tuple[Snapshot, ...]
    cursor: str


class Provider(ABC):
    """A payment service. The public methods are final and let nothing but ProviderError out.

    To add a service: a file in this folder with the six `_methods`, its name and what readers
    may pay with in `chosen.py`, its payment form in the theme (`till/form/NAME.html`, which
    must post a field `handle`) and a test class that inherits `ProviderContract`.
    """

    name: ClassVar[str]

    @final
    def inspect(self, method_token: str) -> Instrument:
        """Return what the reader wants to pay with. It must not reach the bank that issued it.

        It must not save the instrument either: saving, holding an amount and hosted checkouts
        all send the issuing bank an authorisation with the newsroom's merchant identifier,
        which is what donors have been convicted by.

        Raises:
            UnknownError: the token is of nothing to pay with, such as a mistyped number.
        """
        return self._call(self._inspect, method_token)

    @final
    def start(self, order: Order, method_token: str, key: str) -> Outcome:
        """Charge a contribution, or begin its row of charges, and return what came of it.

        The same key never charges twice: with the same order and token it answers as
        before.

        Raises:
            KeyReusedError: the key came before with another order or token.
            UnreachableError: nobody knows; ask `fetch(key)` before anything else.
        """
        return self._call(self._start, order, method_token, key)

    @final
    def fetch(self, name: str) -> Snapshot:
        """Return how it stands. `name` is its ref, or our key where a crash left no ref.

        Raises:
            UnknownError: the service never heard of it, so nothing was charged.
        """
        return self._call(self._fetch, name)

    @final
    def stop(self, ref: str, key: str) -> Snapshot:
        """Charge it never again, and return how it stands. Stopping twice is fine."""
        return self._call(self._stop, ref, key)

    @final
    def read_webhook(self, headers: Mapping[str, str], raw: bytes) -> tuple[Hint, ...]:
        """Return what a webhook event hints at, after checking that the service signed these bytes.

        Headers are matched whatever their case. No state is read from a webhook event: they come
        late, twice, in any order or not at all.

        Raises:
            ForgedWebhookError: the signature is missing, wrong, or too old.
        """
        lower = {name.lower(): value for name, value in headers.items()}
        return self._call(self._read_webhook, lower, raw)

    @final
    def since(self, cursor: str) -> Changes:
        """Return what changed after the cursor ("" for all contributions), oldest change first."""
        return self._call(self._since, cursor)

    def _call(self, method: Callable[_P, _R], *given: _P.args, **named: _P.kwargs) -> _R:
        """Call, and wrap whatever an adapter or its library raises.

        The foreign error is dropped, not chained: its text may hold a token or an address.
        """
        try:
            return method(*given, **named)
        except ProviderError:
            raise
        except Exception as error:  # noqa: BLE001  the port lets one family of errors out
            kind = type(error).__name__
        raise UnreachableError(f"{self.name} answered with {kind}")

    @abstractmethod
    def _inspect(self, method_token: str) -> Instrument: ...

    @abstractmethod
    def _start(self, order: Order, method_token: str, key: str) -> Outcome: ...

    @abstractmethod
    def _fetch(self, name: str) -> Snapshot: ...

    @abstractmethod
    def _stop(self, ref: str, key: str) -> Snapshot: ...

    @abstractmethod
    def _read_webhook(self, headers: Mapping[str, str], raw: bytes) -> tuple[Hint, ...]: ...

    @abstractmethod
    def _since(self, cursor: str) -> Changes: ...
