"""The alerts about a database that is away, read-only, damaged, lost, or of another version."""

import os
import shlex
from pathlib import Path
from typing import Literal, get_args

from django.conf import settings
from django.db import connections

from tamizdat.lib.alerts import Alert
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.users import for_chown
from tamizdat.site.databases import sqlite_files
from tamizdat.site.databases.lost_parts import NOTES
from tamizdat.site.databases.settings import FILES, OWN, POSTGRESQL, VARIABLES

State = Literal[
    "unknown",
    "well",
    "away",
    "held",
    "unwritable",
    "damaged",
    "closed",
    "behind",
    "ahead",
    "empty",
    "lost",
]
TOLD: tuple[State, ...] = tuple(each for each in get_args(State) if each not in ("unknown", "well"))

_WHAT = {
    "away": "The {name}'s database does not answer.",
    "held": "Somebody holds a lock in the {name}'s database.",
    "unwritable": "Nothing can be written to the {name}'s database.",
    "damaged": "The file {file} is damaged.",
    "closed": "The file {file}, or one beside it, cannot be opened by this user.",
    "behind": "The {name}'s database is older than this program.",
    "ahead": "This program is older than the {name}'s database.",
    "empty": "The {name}'s database is empty.",
    "lost": "The {name}'s database is empty, but this newsroom's {name} has had a full one.",
}
_WHY = {
    "held": "Its server answers, but what we ask waits: for a VACUUM FULL, a backup, or a session "
    "that was left open.",
    "behind": "It was not brought up to date yet. The worker does that; for a counter, the desk's.",
    "ahead": "A newer program has changed it, and this one may not understand all that is there.",
    "damaged": "What it holds is no database any more, or not a whole one.",
    "closed": "It belongs to another user, or its mode is closed.",
    "empty": "It holds no table: it was never made, was lost, or is another one.",
    "lost": "It was lost or replaced, or {variable} names another one.",
}
_DO = {
    "away": "Look whether its server runs, has room on its disk, and lets this machine in, with "
    "TLS where its address demands it. Nothing is lost: what waits goes on by itself as soon as "
    "it answers.",
    "held": "Wait until that is done, or end it. The server's table pg_stat_activity says whose it "
    "is: the sessions that pg_blocking_pids names for those that wait. Nothing is lost: what waits "
    "goes on by itself.",
    "unwritable": "Look whether its disk is full, or may only be read. Nothing that was kept is "
    "lost: what waits goes on by itself as soon as there is room.",
    "damaged": "Stop `tamizdat serve`, put {file} back from the backup, delete {file}-wal and "
    "{file}-shm, and start again. Until then {until}.",
    "closed": "Give it to this user, as root: `chown {user} {quoted}*`. If it is this user's own: "
    "`chmod u+rw {quoted}*`. Until then {until}; nothing is lost.",
    "behind": "Start `tamizdat serve` or `tamizdat work` of this version, for a counter at the "
    "desk: it brings the database up to date. Until then this role waits.",
    "ahead": "Install the same version on each machine of the newsroom.",
    "empty": "If the newsroom is new, start `tamizdat serve`, for a counter at the desk. Else put "
    "the database back from its backup, or name the right one.",
    "lost": "Put it back from its backup, or name the right one. Until then {until}, and nothing "
    "is made in its place.",
}
_DO_ABOUT_A_FILE = {
    "away": "Look whether the folder of {path} is there and this user may read and write it. "
    "Nothing is lost: what waits goes on by itself as soon as it can be opened.",
}
_UNTIL = {
    "desk": "nobody can work at the desk and nothing is published or sent",
    "counter": "readers can send nothing",
    "till": "nobody can give",
}
_FOR_GOOD = {
    "counter": " What readers had sent and nobody had collected is in it. If it is lost for good, "
    "delete data/{note}: an empty one is made then.",
    "till": " If the books are lost for good, delete data/{note}: empty ones are made then.",
}


def closer(alias: str, error: BaseException) -> State:
    """Return the state of a database that caused an error; of a file, after a look at it.

    SQLite says the same of a file that is closed to us and of one that has no room for its log.
    """
    found = trouble(error)
    connection = connections[alias]
    if found == "damaged":
        return "damaged"
    if is_closed(alias):
        return "closed"
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        if os.access(path, os.F_OK) and not sqlite_files.is_writable(path):
            return "unwritable"
    return "unwritable" if found == "unwritable" else "away"


def is_closed(alias: str) -> bool:
    """Say whether a database is a file that this user may not read and write."""
    connection = connections[alias]
    is_file = connection.vendor == "sqlite"
    return is_file and sqlite_files.is_closed(Path(connection.settings_dict["NAME"]))


def key(name: str, state: State) -> str:
    """Return the key of an alert about the database of desk, counter or till."""
    return f"database-{name}-{state}"


def alert(name: str, state: State, cause: str = "") -> Alert:
    """Return what is told. `cause` is the kind and place of an error, never its words."""
    alias = OWN[name]
    database = settings.DATABASES.get(alias, {})
    is_file = database.get("ENGINE") != POSTGRESQL
    why = _WHY.get(state) or ("" if cause else "The cause is not known.")
    do = (_DO_ABOUT_A_FILE if is_file else {}).get(state, _DO[state])
    do += _FOR_GOOD.get(name, "") if state == "lost" else ""
    said = {"name": name, "until": _UNTIL[name], "note": NOTES.get(name, "")}
    said |= {"variable": VARIABLES[alias], "file": f"data/{FILES[alias]}", "user": for_chown()}
    path = str(database.get("NAME", ""))
    said |= {"path": path, "quoted": shlex.quote(path)}
    what, why, do = (each.format(**said) for each in (_WHAT[state], why, do))
    return Alert(key(name, state), what, why, do, cause="" if state in _WHY else cause)
