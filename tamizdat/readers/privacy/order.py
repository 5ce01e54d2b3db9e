"""The order of rows tells nothing: neither their ids nor their places are those of arrival.

Whoever takes the machine may lay the order of records, whose addresses are sealed, beside the order
of contributions. Ids of rows that hold an address are therefore random, and tables keep their rows
by id: SQLite by a trigger (migrations 0003 to 0006), PostgreSQL when what was deleted is erased.
"""

import secrets

_BITS = 62  # fewer than a database's integer has


def in_no_order() -> int:
    """Return a random id for a row. That two are alike will not happen."""
    return secrets.randbits(_BITS) + 1
