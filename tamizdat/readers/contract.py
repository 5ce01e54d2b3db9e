"""The privacy contract: every model that holds anything about a reader can show and forget it.

An app says for each of its models, when it starts, either how to export and forget what it
holds of one reader, or why it holds nothing. `tests/house/test_privacy.py` walks all models of
the reader column and fails on one that is silent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tamizdat.readers.models import Reader

Export = Callable[["Reader"], list[dict[str, Any]]]
Forget = Callable[["Reader"], int]


@dataclass(frozen=True, slots=True)
class Holding:
    """How one model shows and forgets what it holds of a reader. `forget` returns how many rows."""

    export: Export
    forget: Forget


_holdings: dict[str, Holding] = {}
_excused: dict[str, str] = {}


def holds(model: str, export: Export, forget: Forget) -> None:
    """Say how a model ("readers.Subscription") shows and forgets what it holds of a reader."""
    _holdings[model] = Holding(export, forget)


def holds_nothing(model: str, why: str) -> None:
    """Say why a model holds nothing that leads to a reader on record."""
    _excused[model] = why


def export(reader: "Reader") -> dict[str, list[dict[str, Any]]]:
    """Return all that is held about a reader, by model. Sealed addresses are not opened."""
    return {model: holding.export(reader) for model, holding in _holdings.items()}


def forget(reader: "Reader") -> dict[str, int]:
    """Forget all that is held about a reader, and return how many rows of each model.

    Call it inside a transaction, so that it is all or nothing.
    """
    return {model: holding.forget(reader) for model, holding in _holdings.items()}


def accounted_for() -> frozenset[str]:
    """Return all models that somebody answered for."""
    return frozenset(_holdings) | frozenset(_excused)


def excuses() -> Mapping[str, str]:
    """Return the models that hold nothing, with the reason of each."""
    return dict(_excused)
