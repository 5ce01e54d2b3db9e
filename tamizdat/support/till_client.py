"""How the counter and the desk speak to the till: calls over HTTP, short waits, no retries."""

import http.client
import json
import logging
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from tamizdat.lib.deadline import connection
from tamizdat.lib.money import Money
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.newsroom.rules import MOST_MINOR
from tamizdat.lib.shallow_json import loads
from tamizdat.support import call_keys
from tamizdat.support.call_keys import Caller
from tamizdat.support.circuit_breaker import CircuitBreaker, OpenError
from tamizdat.support.safety import REFUSALS

SECONDS = 8
LONGEST = 100_000  # bytes of an answer: the charges of eighty years are half of that
MOST_MINOR_TOGETHER, MOST_COUNT = 10**15, 10**9  # in the sums of a month
GIVING = ("running", "late")
GIVEN = ("paid", "running", "late", "stopped")
STATES = ("submitting", "needs_action", "processing", *GIVEN, "failed", "expired")  # the till's own
INTERVALS = ("once", "month", "year")
MOST_CHARGES = 1000  # of one contribution: eighty years by the month

_PAY = re.compile("/pay/[A-Za-z0-9_-]{1,400}")

log = logging.getLogger(__name__)

# By till and call: whoever can make one call hang does not break the others.
_breakers: defaultdict[tuple[str, str], CircuitBreaker] = defaultdict(CircuitBreaker)


class TillAwayError(Exception):
    """The till cannot be reached or makes no sense. Nothing is known to have happened."""


class TillSilentError(TillAwayError):
    """The till did not answer, or not in time. Whoever asks next will hear nothing either."""


class TillBusyError(TillAwayError):
    """Too many contributions are begun just now. Nothing has happened; in a minute it may work."""


class RefusedError(Exception):
    """The till does not accept what was said; the message is its word for it ("amount")."""


class AlreadyWishedError(RefusedError):
    """A receipt was asked for already, and may not be corrected any more."""


@dataclass(frozen=True, slots=True)
class Charged:
    """One charge of a contribution, counted from one."""

    number: int
    month: date
    money: Money


@dataclass(frozen=True, slots=True)
class ContributionStatus:
    """How a contribution stands, as far as its giver may know."""

    state: str
    money: Money
    interval: str
    month: date
    to_stop: bool
    next: date | None
    charges: tuple[Charged, ...] = field(default=())

    @property
    def is_giving(self) -> bool:
        return self.state in GIVING

    @property
    def is_given(self) -> bool:
        return self.state in GIVEN


@dataclass(frozen=True, slots=True)
class Came:
    """About how much came this month by one interval, in how many charges."""

    interval: str
    about: Money
    charges: int


@dataclass(frozen=True, slots=True)
class Sums:
    """How support is this month. `running` counts by interval, `refused` by reason.

    `strays` counts charges that the books do not know.
    """

    came: tuple[Came, ...]
    running: Mapping[str, int]
    refused: Mapping[str, int]
    strays: int


@dataclass(frozen=True, slots=True)
class Till:
    """The till at an address, an origin without a slash at the end.

    `key` is the caller's Authorization header, from `call_keys.header`.
    """

    address: str
    key: str = field(repr=False)
    seconds: float = SECONDS

    @classmethod
    def of(cls, newsroom: Newsroom, caller: Caller, seconds: float = SECONDS) -> "Till":
        """Return the till of a newsroom, as the counter or the desk calls it."""
        return cls(newsroom.addresses.till, call_keys.header(newsroom.keys, caller), seconds)

    def begin(self, money: Money, interval: str, language: str) -> str:
        """Return the address of a payment page for this contribution.

        Raises:
            RefusedError: the till takes no such amount, currency or interval.
            TillBusyError: too many are beginning at this moment.
            TillAwayError: there is no till now.
        """
        said = {
            "amount": money.minor,
            "currency": money.currency,
            "interval": interval,
            "language": language,
        }
        answer = self._post("/begin", said) or {}
        pay = answer.get("pay")
        if not isinstance(pay, str) or not pay.startswith(self.address):
            raise TillAwayError
        if not _PAY.fullmatch(pay, len(self.address)):
            raise TillAwayError
        return pay

    def status(self, token_hash: str) -> ContributionStatus | None:
        """Return the contribution of a token's hash, None if there is none. The desk's key."""
        return _standing(self._post("/status", {"token_hash": token_hash}))

    def show(self, token: str) -> ContributionStatus | None:
        """Return the contribution of a manage token, with the day of its next charge."""
        return _standing(self._post("/manage", {"token": token, "do": "show"}))

    def stop(self, token: str) -> ContributionStatus | None:
        """Stop the contribution of a manage token and return how it stands then."""
        return _standing(self._post("/manage", {"token": token, "do": "stop"}))

    def wish(self, token: str, name: str) -> int | None:
        """Note that a receipt is wished. Return the number of the wish, 2 for a correction.

        None if the till knows no such contribution, or nothing came of it. `name` is new for each
        wish, from `secrets.token_hex(16)`: `unwish` takes it back by that.

        Raises:
            AlreadyWishedError: there was a wish already.
            TillAwayError: there is no till now, or its answer was lost: it may have noted it.
        """
        answer = self._post("/wish", {"token": token, "name": name})
        if answer is None:
            return None
        number = answer.get("wish")
        if number not in (1, 2):
            raise TillAwayError
        return int(number)

    def unwish(self, token: str, name: str) -> None:
        """Take back the wish of this name, of which nothing was kept.

        Raises:
            TillAwayError: there is no till now.
        """
        self._post("/unwish", {"token": token, "name": name})

    def sums(self) -> Sums:
        """Return this month's rounded sums. The desk's key.

        Raises:
            TillAwayError: there is no till now, or it makes no sense.
        """
        return _sums(self._post("/status", {"sums": True}) or {})

    def _post(self, path: str, said: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return the answer, None for 404. Nothing of an error's text is passed on."""
        headers = {"Content-Type": "application/json", "Connection": "close"}
        if self.key:
            headers["Authorization"] = self.key
        try:
            with _breakers[self.address, path].call():
                code, raw = self._exchange(path, json.dumps(said).encode(), headers)
            answer = loads(raw)
        except (OSError, OpenError):
            raise TillSilentError from None
        except (http.client.HTTPException, ValueError):
            raise TillAwayError from None
        if code == http.client.NOT_FOUND:
            return None
        if code in _ERRORS:
            raise _refused(code, answer)
        if code != http.client.OK or not isinstance(answer, dict):
            raise TillAwayError
        return answer

    def _exchange(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        with connection(urlsplit(self.address), self.seconds) as line:
            line.request("POST", path, body, headers)
            answer = line.getresponse()
            raw = answer.read(LONGEST + 1)
            if len(raw) > LONGEST:
                raise ValueError("a long answer")
            return answer.status, raw


_ERRORS = (
    http.client.BAD_REQUEST,
    http.client.FORBIDDEN,
    http.client.CONFLICT,
    http.client.TOO_MANY_REQUESTS,
)


def _refused(code: int, answer: Any) -> Exception:
    """Return the error for an answer that is a refusal."""
    if code == http.client.TOO_MANY_REQUESTS:
        return TillBusyError()
    if code == http.client.CONFLICT:
        return AlreadyWishedError("wished")
    if code == http.client.FORBIDDEN:
        log.warning("the till does not accept this machine's call key")
    word = answer.get("error") if isinstance(answer, dict) else None
    return RefusedError(str(word))


def _standing(raw: Mapping[str, Any] | None) -> ContributionStatus | None:
    """Return what the till says of a contribution, None where it knows none.

    A record is changed or deleted by it, so each field has to be one that our till can have said.

    Raises:
        TillAwayError: it makes no sense.
    """
    if raw is None:
        return None
    try:
        return ContributionStatus(
            state=_one_of(STATES, raw["state"]),
            money=_money(raw),
            interval=_one_of(INTERVALS, raw["interval"]),
            month=date.fromisoformat(raw["month"]),
            to_stop=_yes_or_no(raw["to_stop"]),
            next=None if raw["next"] is None else date.fromisoformat(raw["next"]),
            charges=_charges(raw["charges"]),
        )
    except (KeyError, TypeError, ValueError):
        raise TillAwayError from None


def _charges(raw: Any) -> tuple[Charged, ...]:
    """Return the charges of an answer, the oldest first.

    Raises:
        KeyError, TypeError, ValueError: it is no list of charges whose numbers ascend.
    """
    if not isinstance(raw, list):
        raise TypeError("charges")
    charges = tuple(
        Charged(_number(each["number"]), date.fromisoformat(each["month"]), _money(each))
        for each in raw
    )
    numbers = [each.number for each in charges]
    if numbers != sorted(set(numbers)):
        raise ValueError("numbers of charges")
    return charges


def _sums(raw: Mapping[str, Any]) -> Sums:
    """Return the sums that the till says. What our till cannot have said is not shown.

    Raises:
        TillAwayError: they make no sense.
    """
    try:
        return Sums(
            came=_all_came(raw["came"]),
            running=_counts(INTERVALS, raw["running"]),
            refused=_counts(REFUSALS, raw["refused"]),
            strays=_count(raw["strays"]),
        )
    except (KeyError, TypeError, ValueError):
        raise TillAwayError from None


def _all_came(raw: Any) -> tuple[Came, ...]:
    if not isinstance(raw, list):
        raise TypeError("what came")
    return tuple(_came(each) for each in raw)


def _came(raw: Mapping[str, Any]) -> Came:
    about = {"minor": raw["about"], "currency": raw["currency"]}
    return Came(
        _one_of(INTERVALS, raw["interval"]),
        _money(about, MOST_MINOR_TOGETHER),
        _count(raw["charges"]),
    )


def _counts(words: tuple[str, ...], raw: Any) -> Mapping[str, int]:
    if not isinstance(raw, dict):
        raise TypeError("counts")
    return {_one_of(words, word): _count(many) for word, many in raw.items()}


def _count(said: Any) -> int:
    count = _whole(said)
    if not 0 <= count <= MOST_COUNT:
        raise ValueError("a count")
    return count


def _one_of(words: tuple[str, ...], said: Any) -> str:
    if said not in words:
        raise ValueError("a word")
    return str(said)


def _yes_or_no(said: Any) -> bool:
    if not isinstance(said, bool):
        raise TypeError("yes or no")
    return said


def _number(said: Any) -> int:
    number = _whole(said)
    if not 1 <= number <= MOST_CHARGES:
        raise ValueError("the number of a charge")
    return number


def _whole(said: Any) -> int:
    if type(said) is not int:  # a bool is one, too
        raise TypeError("a whole number")
    return said


def _money(raw: Mapping[str, Any], most: int = MOST_MINOR) -> Money:
    """Return an amount of a till's answer.

    Raises:
        KeyError, TypeError, ValueError: it is none that anybody can have paid.
    """
    minor = _whole(raw["minor"])
    if not 0 <= minor <= most:
        raise ValueError("an amount")
    return Money(minor, raw["currency"])
