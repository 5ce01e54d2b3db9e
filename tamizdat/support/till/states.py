"""How a contribution's state may change: one table, one pure function."""

from dataclasses import dataclass, replace

from tamizdat.support.providers.base import Snapshot

NOT_SETTLED = ("submitting", "needs_action", "processing")
GIVING = ("running", "late")
GIVEN = ("paid", "running", "late", "stopped")
NOTHING_CAME = ("failed", "expired")
STATES = (*NOT_SETTLED, *GIVEN, *NOTHING_CAME)

# A late success may lift a failure: the service knows what was charged, we only thought so.
# Nothing leaves "paid" and "stopped"; what happens to their money are facts of the charges.
# The table is transitive (a test says so): skipping a state never makes the next one illegal.
LEGAL: dict[str, frozenset[str]] = {
    "submitting": frozenset({"needs_action", "processing", *GIVEN, "failed"}),
    "needs_action": frozenset({"processing", *GIVEN, "failed"}),
    "processing": frozenset({"needs_action", *GIVEN, "failed"}),
    "expired": frozenset({"needs_action", "processing", *GIVEN, "failed"}),
    "failed": frozenset(GIVEN),
    "running": frozenset({"late", "stopped"}),
    "late": frozenset({"running", "stopped"}),
    "paid": frozenset(),
    "stopped": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What our books know of one. `version` is the last that changed it, 0 for none."""

    state: str
    version: int = 0
    ref: str | None = None


def apply(known: Known, snapshot: Snapshot) -> Known:
    """Return what we know after this snapshot.

    Applying twice changes nothing, and an older snapshot that arrives late changes nothing,
    so that snapshots may come in any order, twice, or not at all: the latest one decides.
    The ref is learned once and never overwritten.
    """
    known = replace(known, ref=known.ref or snapshot.ref)
    if snapshot.version <= known.version:
        return known
    if snapshot.status == known.state or snapshot.status in LEGAL[known.state]:
        return replace(known, state=snapshot.status, version=snapshot.version)
    return known
