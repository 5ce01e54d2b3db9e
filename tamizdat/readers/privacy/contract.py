"""The privacy contract: what becomes of every field, and how a reader is shown and forgotten.

An app says for each of its models, when it starts, either how to export and forget what it
holds of one reader, or why it holds nothing; for each field what its fate is; and for each key
file who holds it and what it opens. `tamizdat doctor`, docs/why/endanger-nobody.md and the seizure
drill read it. `tests/house/test_privacy.py` walks all models of the reader column and fails on a
model or a field that is silent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tamizdat.readers.models import Reader

Export = Callable[["Reader"], list[dict[str, Any]]]
Forget = Callable[["Reader"], int]


@dataclass(frozen=True, slots=True)
class Holding:
    """How one model shows and forgets what it holds of a reader. `forget` returns how many rows."""

    export: Export
    forget: Forget


Kind = Literal["ours", "random", "token", "keyed", "sealed", "time", "plain"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What a field is to whoever takes the machine.

    "ours": the newsroom's words, sums and states. "random": an id that means nothing and stands
    only where `about` says. "token": the hash of a random token that only its owner holds.
    "keyed": a keyed hash, made with the key in `about`. "sealed": opens with the key in `about`.
    "time": no finer than `about` ("minute", "hour", "day", "month"; "moment" only while a row is
    at work).
    "plain": about a reader, as `about` says.
    """

    kind: Kind
    about: str = ""


OURS, TOKEN, RANDOM = Fate("ours"), Fate("token"), Fate("random")


def sealed(key: str) -> Fate:
    """Return the fate of what only a key opens: "reader" or "unattended"."""
    return Fate("sealed", key)


def keyed(key: str) -> Fate:
    """Return the fate of a keyed hash."""
    return Fate("keyed", key)


def time(finest: str) -> Fate:
    """Return the fate of a time that is no finer than this."""
    return Fate("time", finest)


def plain(about: str) -> Fate:
    """Return the fate of what can be read by everybody who takes the machine."""
    return Fate("plain", about)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What a file among the keys is to whoever takes the machine that it lies on.

    `pattern` is of its path in the folder of keys. `holder` is a role.
    """

    pattern: str
    holder: str
    opens: str
    lasts: str


ROOMS = ("readers", "counter", "letters", "support", "till")  # labels of the reader column's apps

_key_files: dict[str, KeyFile] = {}
_fates: dict[str, Mapping[str, Fate]] = {}
_holdings: dict[str, Holding] = {}
_excused: dict[str, str] = {}


def holds(model: str, export: Export, forget: Forget) -> None:
    """Say how a model ("readers.Subscription") shows and forgets what it holds of a reader."""
    _holdings[model] = Holding(export, forget)


def holds_nothing(model: str, why: str) -> None:
    """Say why a model holds nothing that leads to a reader on record."""
    _excused[model] = why


def fields(model: str, fates: Mapping[str, Fate]) -> None:
    """Say what becomes of each field of a model, by the field's name."""
    _fates[model] = dict(fates)


def fates() -> Mapping[str, Mapping[str, Fate]]:
    """Return the fate of every field, by model."""
    return dict(_fates)


def key_file(pattern: str, holder: str, opens: str, lasts: str) -> None:
    """Say of a key file who holds it, what it opens, and how long it lies there."""
    _key_files[pattern] = KeyFile(pattern, holder, opens, lasts)


def key_files() -> tuple[KeyFile, ...]:
    """Return what was said of all key files."""
    return tuple(_key_files[pattern] for pattern in sorted(_key_files))


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
