"""What a seizure of each machine would reveal, as it is now. Written for `tamizdat doctor`.

Nothing of it is listed by hand: it walks all models and what the privacy contract says of their
fields, all tables, and all files among the keys. What nobody answers for is called UNKNOWN.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import PurePath
from urllib.parse import urlsplit

from django.apps import apps
from django.db import connections
from django.db.models import Model

from tamizdat.lib import wake
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import contract, unattended
from tamizdat.readers.contract import Fate
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.models import Pending, UnattendedCopy

THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
MACHINES = {"counter": "counter", "till": "till"}  # label of an app -> machine; else the desk
SAID = {
    "sealed": "opens with the {about} key",
    "keyed": "a guess can be tested with the {about} key",
    "plain": "can be read: {about}",
    "time": "a time, no finer than {about}",
    "token": "hash of a token that only its owner has",
    "random": "a random number",
}
TOLD = ("sealed", "keyed", "plain", "time")
# Measured: neither Python nor the server overwrites what it lets go of. Counter and desk begin a
# new process each hour (site/recycling.py); the old one may take some minutes to end.
FORGOTTEN = "`tamizdat serve` begins a new process each hour, which knows nothing of it."
AT_THE_COUNTER = (
    "In memory, perhaps all of the last hour and a quarter: addresses that readers typed, and "
    f"manage links that were looked at. {FORGOTTEN}"
)
AT_THE_TILL = (
    "In memory, perhaps all since it was started: manage links of payments that were begun or "
    "looked at. A restart ends it."
)
AT_THE_DESK = (
    "In the memory of the desk, perhaps all of the last hour and a quarter: addresses that were "
    "typed there and the passphrase of the reader key, though the key is locked. "
    f"{FORGOTTEN} A restart ends it at once."
)
IN_THE_WORKER = (
    "In the memory of the worker, perhaps all since it was started: addresses that it wrote to or "
    "opened, and manage links of the receipts among them. "
    "A restart of `tamizdat serve` ends it."
)
IN_NO_MODEL = ("django_migrations", "sqlite_", "wagtailsearch_indexentry_fts")


def report(newsroom: Newsroom, at: datetime) -> dict[str, list[str]]:
    """Return, for each machine, sentences about what its disk and memory would tell.

    It counts and looks; it opens nothing. Roles that share a machine reveal what each of them
    does, so a newsroom in one box reads all four.
    """
    rows = _rows()
    return {
        "edition": ["What is published, which everybody may read. It keeps no log of readers."],
        "counter": [*rows["counter"], *_files(newsroom, "counter"), AT_THE_COUNTER],
        "till": [
            *rows["till"],
            *_files(newsroom, "till"),
            "Its key to the payment service, with which donors can be looked up there.",
            AT_THE_TILL,
        ],
        "desk": [
            *rows["desk"],
            *_files(newsroom, "desk"),
            *_unknown_files(newsroom),
            *_open_now(newsroom, at),
            *_reader_key(newsroom),
            AT_THE_DESK,
            IN_THE_WORKER,
            *_mailbox(newsroom),
            *_relay(newsroom),
            "Drafts, accounts of the staff and everything else that was ever written at the desk.",
        ],
    }


def _rows() -> Mapping[str, list[str]]:
    said: dict[str, list[str]] = {"counter": [], "till": [], "desk": []}
    fates = contract.fates()
    for room in contract.ROOMS:
        for model in apps.get_app_config(room).get_models():
            label = model._meta.label  # noqa: SLF001  Django's own name
            lines = said[MACHINES.get(room, "desk")]
            lines += _of_model(model, fates.get(label, {}))
    for alias in ("default", "counter", "till"):
        said["desk" if alias == "default" else alias] += _unknown_tables(alias)
    return said


def _of_model(model: type[Model], fates: Mapping[str, Fate]) -> Iterator[str]:
    label = model._meta.label  # noqa: SLF001  Django's own name
    names = [field.name for field in model._meta.concrete_fields]  # noqa: SLF001
    if silent := [name for name in names if name not in fates]:
        yield f"UNKNOWN: nobody says what becomes of {label}: {', '.join(silent)}."
    many = model._default_manager.count()  # noqa: SLF001
    told = [words(name, fates[name]) for name in names if name in fates]
    if many and (worth := [each for each in told if each]):
        yield f"{label}, {many} rows: {'; '.join(worth)}."


def words(name: str, fate: Fate) -> str:
    """Return what whoever takes the machine has of a field; "" where it is nothing of readers."""
    if fate.kind not in TOLD:
        return ""
    article = "an" if fate.about == "hour" else "a"
    about = f"{article} {fate.about}" if fate.kind == "time" else fate.about
    return f"{name} {SAID[fate.kind].format(about=about)}"


def _unknown_tables(alias: str) -> Iterator[str]:
    known = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}  # noqa: SLF001
    for table in connections[alias].introspection.table_names():
        if table not in known and not table.startswith(IN_NO_MODEL):
            yield f"UNKNOWN: the table {table} is of no model of this program."


def _files(newsroom: Newsroom, holder: str) -> Iterator[str]:
    counts = Counter(file.pattern for path in _paths(newsroom) if (file := known(path)))
    for each in contract.key_files():
        if holder in each.holder.split() and (many := counts[each.pattern]):
            yield f"keys/{each.pattern}, {many} on this machine: opens {each.opens}; {each.lasts}."


def _unknown_files(newsroom: Newsroom) -> Iterator[str]:
    for path in _paths(newsroom):
        if known(path) is None:
            yield f"UNKNOWN: the key file {path}: nobody says what it opens."


def _paths(newsroom: Newsroom) -> list[PurePath]:
    found = (path for path in sorted(newsroom.keys.rglob("*")) if path.is_file())
    return [path.relative_to(newsroom.keys) for path in found]


def known(path: PurePath) -> contract.KeyFile | None:
    """Return what the contract says of a file among the keys; None if nobody says anything."""
    whole = PurePath("/", path)
    files = contract.key_files()
    return next((each for each in files if whole.match(f"/{each.pattern}")), None)


def _open_now(newsroom: Newsroom, at: datetime) -> Iterator[str]:
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
    for text in Envelope.objects.values_list("payload", flat=True).iterator():
        key = _second_key(text)
        if key in names:
            yield key


def _second_key(text: str) -> str:
    try:
        return str(json.loads(text)["sealed"]["unattended"]["key"])
    except (ValueError, KeyError, TypeError):
        return ""  # it has no second seal, or a stranger wrote it


def _reader_key(newsroom: Newsroom) -> Iterator[str]:
    try:
        state = wake.ask(newsroom, "status")
    except wake.NobodyListensError:
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


def _mailbox(newsroom: Newsroom) -> Iterator[str]:
    letters = len(list((newsroom.data / "mailbox").glob("*.eml")))
    if letters:
        yield f"NOW: {letters} letters in the mailbox on screen, with their addresses in the clear."


def _relay(newsroom: Newsroom) -> Iterator[str]:
    """Tell of a relay on this machine: a letter on its way is an address, too."""
    if urlsplit(newsroom.mail.send).hostname in THIS_MACHINE:
        yield (
            "The mail relay on this machine has a queue and a log, with addresses in the "
            "clear. Keep both in memory, for 48 hours at most (docs/howto/run-a-newsroom.md)."
        )
