"""What a seizure of each machine would reveal, as it is now. Written for `tamizdat doctor`.

Nothing of it is listed by hand: it walks all models and what the privacy contract says of their
fields, all tables, and all files among the keys. What nobody answers for is called UNKNOWN. A
counter or a till on a machine of its own says it of itself, by the same walk.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path, PurePath

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.models import Model

from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.privacy import contract
from tamizdat.readers.privacy.contract import Fate

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
# new process each hour (site/processes/recycling.py); the old one may take some minutes to end.
FORGOTTEN = "`tamizdat serve` begins a new process each hour, which knows nothing of it."
AT_THE_COUNTER = (
    "In memory, perhaps all of the last hour and a quarter: addresses that readers typed, and "
    f"manage links that were looked at. {FORGOTTEN}"
)
IN_A_TILL = (
    "Its key to the payment service, with which donors can be looked up there.",
    (
        "In memory, perhaps all since it was started: manage links of payments that were begun or "
        "looked at. A restart ends it."
    ),
)
ELSEWHERE = "Another machine holds it: `tamizdat doctor` there says what it would reveal."
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
    does, so a newsroom in one box reads all four. Counter and till see only what is theirs.
    """
    role = str(settings.ROLE)
    rows = _rows(role)
    if role == "counter":
        return {role: [*rows[role], *_all_files(newsroom), AT_THE_COUNTER]}
    if role == "till":
        return {role: [*rows[role], *_all_files(newsroom), *IN_A_TILL]}
    from tamizdat.readers.privacy import seizure_of_desk

    return {
        "edition": ["What is published, which everybody may read. It keeps no log of readers."],
        "counter": [*rows["counter"], *_files(newsroom, "counter"), AT_THE_COUNTER],
        "till": [
            *rows["till"],
            *_files(newsroom, "till"),
            *((ELSEWHERE,) if newsroom.is_elsewhere("till") else IN_A_TILL),
        ],
        "desk": [
            *rows["desk"],
            *_files(newsroom, "desk"),
            *_unknown_files(newsroom),
            *seizure_of_desk.open_now(newsroom, at),
            *seizure_of_desk.reader_key(newsroom),
            AT_THE_DESK,
            IN_THE_WORKER,
            *seizure_of_desk.mailbox(newsroom),
            *seizure_of_desk.relay(newsroom),
            "Drafts, accounts of the staff and everything else that was ever written at the desk.",
        ],
    }


def _rows(role: str) -> Mapping[str, list[str]]:
    said: dict[str, list[str]] = {"counter": [], "till": [], "desk": []}
    fates = contract.fates()
    for room in contract.ROOMS:
        if room not in apps.app_configs:  # another machine holds it
            continue
        for model in apps.get_app_config(room).get_models():
            label = model._meta.label  # noqa: SLF001  Django's own name
            lines = said[MACHINES.get(room, "desk")]
            lines += _of_model(model, fates.get(label, {}))
    for alias in connections.databases if role == "desk" else (role,):
        said["desk" if alias == "default" else alias] += _unknown_tables(alias)
    return said


def _of_model(model: type[Model], fates: Mapping[str, Fate]) -> Iterator[str]:
    label = model._meta.label  # noqa: SLF001  Django's own name
    names = [field.name for field in model._meta.concrete_fields]  # noqa: SLF001
    if silent := [name for name in names if name not in fates]:
        yield f"UNKNOWN: nobody says what becomes of {label}: {', '.join(silent)}."
    many = _many(model)
    told = [words(name, fates[name]) for name in names if name in fates]
    if many != 0 and (worth := [each for each in told if each]):
        rows = "rows that it may write and not count" if many is None else f"{many} rows"
        yield f"{label}, {rows}: {'; '.join(worth)}."


def _many(model: type[Model]) -> int | None:
    """Return how many rows there are; None where this role has no right to look."""
    try:
        return model._default_manager.count()  # noqa: SLF001
    except (OperationalError, InterfaceError):  # the database is away
        raise
    except DatabaseError:
        return None


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


def _files(newsroom: Newsroom, holder: str = "") -> Iterator[str]:
    counts = Counter(file.pattern for path in _paths(newsroom) if (file := known(path)))
    for each in contract.key_files():
        if (not holder or holder in each.holder.split()) and (many := counts[each.pattern]):
            yield f"keys/{each.pattern}, {many} on this machine: opens {each.opens}; {each.lasts}."


def _all_files(newsroom: Newsroom) -> Iterator[str]:
    """Yield what every key opens that lies on this machine, also one that belongs elsewhere."""
    yield from _files(newsroom)
    yield from _unknown_files(newsroom)


def _unknown_files(newsroom: Newsroom) -> Iterator[str]:
    for path in _paths(newsroom):
        if known(path) is None:
            yield f"UNKNOWN: the key file {path}: nobody says what it opens."


def _paths(newsroom: Newsroom) -> list[PurePath]:
    found = (path for path in sorted(newsroom.keys.rglob("*")) if _may_be_file(path))
    return [path.relative_to(newsroom.keys) for path in found]


def _may_be_file(path: Path) -> bool:
    """Say whether it is a file. In a folder that lets nobody in, each name may be one."""
    try:
        return path.is_file()
    except PermissionError:
        return True


def known(path: PurePath) -> contract.KeyFile | None:
    """Return what the contract says of a file among the keys; None if nobody says anything."""
    whole = PurePath("/", path)
    files = contract.key_files()
    return next((each for each in files if whole.match(f"/{each.pattern}")), None)
