"""What a reader asked to give: the edition's form, read forgivingly and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from tamizdat.lib.money import Money, MoneyError, parse
from tamizdat.lib.newsroom import Support
from tamizdat.lib.numbers import whole
from tamizdat.support.providers.base import INTERVALS, Interval

LARGEST = 10**10 - 1  # in the smallest unit; what may be given is in the settings
Problem = Literal["amount", "least", "most"]


@dataclass(frozen=True, slots=True)
class Asked:
    """An amount and how often it is to be given."""

    money: Money
    interval: Interval


class AskedError(Exception):
    """What was asked cannot be given. `problem` says which sentence the reader needs."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def interval(posted: Mapping[str, Any]) -> Interval:
    """Return the interval that was chosen; once is the default that binds nobody."""
    said = posted.get("interval")
    return cast(Interval, said) if said in INTERVALS else "once"


def read(posted: Mapping[str, Any], support: Support) -> Asked:
    """Return what the edition's form says. An amount typed under "other" counts first.

    Raises:
        AskedError: there is no amount, or it is less or more than this newsroom takes.
    """
    often = interval(posted)
    typed = str(posted.get("other", "")).strip()
    chosen = str(posted.get(f"amount_{often}") or posted.get("minor") or "")
    try:
        money = parse(typed, support.currency) if typed else _chosen(chosen, support.currency)
    except MoneyError:
        raise AskedError("amount") from None
    if money.minor < support.least:
        raise AskedError("least")
    if money.minor > support.most:
        raise AskedError("most")
    return Asked(money, often)


def _chosen(minor: str, currency: str) -> Money:
    number = whole(minor, LARGEST)
    if number is None:
        raise MoneyError("nothing was chosen")
    return Money(number, currency)
