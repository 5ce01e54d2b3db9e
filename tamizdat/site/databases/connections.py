"""The database connections of a thread that works without visitors.

Django looks after those of a request. Who works in rounds has to do it itself: a connection that
broke stays broken, and every round after it would fail.
"""

from contextlib import suppress

from django.db import Error, connections

from tamizdat.site.databases import database_watch

NEEDS = {"support.till": "till"}  # all others need the desk's database


def fresh_connections() -> None:
    """Close what broke or grew old; what is left is tried before it is used again.

    Call it in the thread whose connections they are, before each round and after each failure.
    """
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:  # somebody around us is in the middle of something
            continue
        with suppress(Error):
            connection.close_if_unusable_or_obsolete()


def ready(room: str) -> bool:
    """Freshen the connections for a round of one room, and say whether it is worth beginning.

    It is not while the database does not answer that the room cannot do without.
    """
    fresh_connections()
    return database_watch.is_ready(NEEDS.get(room, "default"))
