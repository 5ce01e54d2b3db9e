"""What only a seizure of the desk's machine would reveal: what can be opened there, and by what."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

from django.db import connections
from django.db.models import BinaryField, F, Func, IntegerField
from django.db.models.functions import Cast

from tamizdat.lib import worker_socket
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.shallow_json import loads
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.counter.submissions import MOST_BYTES
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import Pending, UnattendedCopy

AT_ONCE = 100  # submissions in memory
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def open_now(newsroom: Newsroom, at: datetime) -> Iterator[str]:
    """Say what the unattended keys open, and what can be tested with them, and until when."""
    pairs = unattended.pairs(newsroom.keys)
    names = frozenset(pair.name for pair in pairs)
    ends = {pair.name: pair.made + unattended.LIVES for pair in pairs}
    copies = UnattendedCopy.objects.filter(key__in=names)
    last = [*copies.values_list("until", flat=True), *(ends[key] for key in _waiting_for(names))]
    if last:
        yield (
            f"NOW: {len(last)} addresses can be opened with the unattended keys, "
            f"{_until(max(last), at)}."
        )
    tags = Pending.objects.filter(limit_key__in=names)
    if tags.exists():
        yield (
            f"NOW: {tags.count()} open sign-ups can be tested against a guessed address, "
            f"{_until(max(ends.values()), at)}."
        )
    if old := [pair for pair in pairs if unattended.is_over(pair, at)]:
        yield (
            f"NOW: {len(old)} unattended keys are older than they may be (or a clock that was "
            "ahead made them), because no worker runs: start `tamizdat work`, which destroys "
            "them, or says why it cannot."
        )


def _until(end: datetime, at: datetime) -> str:
    if end <= at:
        return "all until a worker runs, which should have ended it"
    return f"the last one until {end:%Y-%m-%d %H:%M}"


def _waiting_for(names: frozenset[str]) -> Iterator[str]:
    """Yield the key of each submission that waits at the counter, sealed to one of these keys."""
    for payload in _payloads():
        key = _second_key(payload)
        if key in names:
            yield key


def _payloads() -> Iterator[str | bytes]:
    """Yield what each row holds that our counter can have made: no other is loaded.

    SQLite keeps in a column of texts what is none. Asked for as a text, one of them would end the
    whole statement.
    """
    rows = Envelope.objects.all()
    is_sqlite = connections[rows.db].vendor == "sqlite"
    payload = Cast("payload", BinaryField()) if is_sqlite else F("payload")
    length = "LENGTH" if is_sqlite else "OCTET_LENGTH"
    size = Func(payload, function=length, output_field=IntegerField())
    small = rows.alias(size=size).filter(size__lte=MOST_BYTES)
    yield from small.values_list(payload, flat=True).iterator(AT_ONCE)


def _second_key(payload: str | bytes) -> str:
    try:
        return str(loads(payload)["sealed"]["unattended"]["key"])
    except (ValueError, KeyError, TypeError):
        return ""  # it has no second seal, or a stranger wrote it


def reader_key(newsroom: Newsroom) -> Iterator[str]:
    """Say whether the reader key is unlocked, and what else the worker knows."""
    try:
        state = worker_socket.ask(newsroom, "status")
    except worker_socket.NobodyListensError:
        state = "locked"
    if state.startswith("unlocked"):
        until = state.removeprefix("unlocked ")
        yield f"NOW: the reader key is UNLOCKED in memory until {until}: all addresses can be read."
    else:
        yield "The reader key is locked. Without its passphrase no subscriber's address opens."
    yield (
        "In the memory of a running worker: how often an address was written to in the last two "
        "weeks, and which mailboxes are to get nothing more, so that a guess can be tested."
    )


def mailbox(newsroom: Newsroom) -> Iterator[str]:
    """Count the letters that lie on this disk."""
    letters = len(list((newsroom.data / "mailbox").glob("*.eml")))
    if letters:
        yield f"NOW: {letters} letters in the mailbox on screen, with their addresses in the clear."


def relay(newsroom: Newsroom) -> Iterator[str]:
    """Tell of a relay on this machine: a letter on its way is an address, too."""
    if urlsplit(newsroom.mail.send).hostname in THIS_MACHINE:
        yield (
            "The mail relay on this machine has a queue and a log, with addresses in the "
            "clear. Keep both in memory, for 48 hours at most (docs/howto/run-a-newsroom.md)."
        )
