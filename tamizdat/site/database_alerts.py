"""The alerts about a database that is away, read-only, or of another version."""

from typing import Literal

from tamizdat.lib.alerts import Alert

State = Literal["unknown", "well", "away", "unwritable", "behind", "ahead"]
TOLD: tuple[State, ...] = ("away", "unwritable", "behind", "ahead")

_WHAT = {
    "away": "The {name}'s database does not answer.",
    "unwritable": "Nothing can be written to the {name}'s database.",
    "behind": "The {name}'s database is older than this program.",
    "ahead": "This program is older than the {name}'s database.",
}
_WHY = {
    "behind": "It was not brought up to date yet. The worker does that; for a counter, the desk's.",
    "ahead": "A newer program has changed it, and this one may not understand all that is there.",
}
_DO = {
    "away": "Look whether its server runs and lets this machine in. Nothing is lost: what waits "
    "goes on by itself as soon as it answers.",
    "unwritable": "Look whether its disk is full, or may only be read. Nothing that was kept is "
    "lost: what waits goes on by itself as soon as there is room.",
    "behind": "Start `tamizdat serve` or `tamizdat work` of this version, for a counter at the "
    "desk: it brings the database up to date. Until then this role waits.",
    "ahead": "Install the same version on each machine of the newsroom.",
}


def key(name: str, state: State) -> str:
    """Return the key of an alert about the database of desk, counter or till."""
    return f"database-{name}-{state}"


def alert(name: str, state: State, cause: str = "") -> Alert:
    """Return what is told. `cause` is the kind and place of an error, never its words."""
    why = "" if cause else _WHY.get(state, "The cause is not known.")
    what = _WHAT[state].format(name=name)
    return Alert(key(name, state), what, why, _DO[state], cause=cause)
