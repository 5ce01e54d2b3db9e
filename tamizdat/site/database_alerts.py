"""The alerts about a database that is away, read-only, lost, or of another version."""

from typing import Literal

from tamizdat.lib.alerts import Alert
from tamizdat.site.databases import OWN, VARIABLES
from tamizdat.site.lost_parts import NOTES

State = Literal["unknown", "well", "away", "unwritable", "behind", "ahead", "empty", "lost"]
TOLD: tuple[State, ...] = ("away", "unwritable", "behind", "ahead", "empty", "lost")

_WHAT = {
    "away": "The {name}'s database does not answer.",
    "unwritable": "Nothing can be written to the {name}'s database.",
    "behind": "The {name}'s database is older than this program.",
    "ahead": "This program is older than the {name}'s database.",
    "empty": "The {name}'s database is empty.",
    "lost": "The {name}'s database is empty, but this newsroom's {name} has had a full one.",
}
_WHY = {
    "behind": "It was not brought up to date yet. The worker does that; for a counter, the desk's.",
    "ahead": "A newer program has changed it, and this one may not understand all that is there.",
    "empty": "It holds no table: it was never made, was lost, or is another one.",
    "lost": "It was lost or replaced, or {variable} names another one.",
}
_DO = {
    "away": "Look whether its server runs and lets this machine in. Nothing is lost: what waits "
    "goes on by itself as soon as it answers.",
    "unwritable": "Look whether its disk is full, or may only be read. Nothing that was kept is "
    "lost: what waits goes on by itself as soon as there is room.",
    "behind": "Start `tamizdat serve` or `tamizdat work` of this version, for a counter at the "
    "desk: it brings the database up to date. Until then this role waits.",
    "ahead": "Install the same version on each machine of the newsroom.",
    "empty": "If the newsroom is new, start `tamizdat serve`, for a counter at the desk. Else put "
    "the database back from its backup, or name the right one.",
    "lost": "Put it back from its backup, or name the right one. Until then {until}, and nothing "
    "is made in its place.",
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


def key(name: str, state: State) -> str:
    """Return the key of an alert about the database of desk, counter or till."""
    return f"database-{name}-{state}"


def alert(name: str, state: State, cause: str = "") -> Alert:
    """Return what is told. `cause` is the kind and place of an error, never its words."""
    why = _WHY.get(state) or ("" if cause else "The cause is not known.")
    do = _DO[state] + (_FOR_GOOD.get(name, "") if state == "lost" else "")
    said = {"name": name, "until": _UNTIL[name], "note": NOTES.get(name, "")}
    said["variable"] = VARIABLES[OWN[name]]
    what, why, do = (each.format(**said) for each in (_WHAT[state], why, do))
    return Alert(key(name, state), what, why, do, cause="" if state in _WHY else cause)
