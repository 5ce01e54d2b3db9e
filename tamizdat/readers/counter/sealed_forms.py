"""Seal what a reader typed, at once: the counter never keeps an address that it could read."""

from base64 import b64encode
from typing import Any

from tamizdat.readers.counter import published
from tamizdat.readers.sealing import records, seal
from tamizdat.readers.sealing.records import Record


def sealed_sign_up(address: str, language: str) -> dict[str, Any]:
    """Return a sign-up's address: sealed to the reader key, and to the unattended key in use.

    Raises:
        KeysError: the desk has told us no keys yet.
    """
    keys = published.keys()
    return {
        "reader": _text(seal(address, keys.reader)),
        "unattended": _second(Record("subscribe", address, language)),
    }


def sealed_record(record: Record, *, at_once: bool) -> dict[str, Any]:
    """Return a wish, sealed to the reader key.

    `at_once`: it should be answered before the next unlock, so an unattended key opens it, too.

    Raises:
        KeysError: the desk has told us no keys yet.
    """
    first = {"reader": _text(records.seal(record, published.keys().reader))}
    return first | {"unattended": _second(record)} if at_once else first


def _second(record: Record) -> dict[str, str]:
    key = published.keys().unattended
    return {"key": key.name, "sealed": _text(records.seal(record, key))}


def _text(sealed: bytes) -> str:
    return b64encode(sealed).decode("ascii")
