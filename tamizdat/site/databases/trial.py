"""Try out what a database is for, where it answers and yet something failed.

A PostgreSQL server on a full disk answers, and says of itself that it may be written. One in which
somebody holds a lock answers whoever asks for something else. So what failed is not over because
the server answers: it is over when the same can be done again.
"""

from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tamizdat.lib.database_trouble import trouble

# More than what is free in the last pages of a table. It is the one table into which a counter
# with the narrowest rights may write; all others own their databases.
ENVELOPES = """
    INSERT INTO counter_envelope (id, kind, day, payload)
    SELECT gen_random_uuid(), 'trial', CURRENT_DATE, repeat('x', 1000) FROM generate_series(1, 64)
"""
TABLE = """
    CREATE TABLE tamizdat_trial AS SELECT repeat('x', 1000) AS filler FROM generate_series(1, 64)
"""
# A question that was given up waits on in the server until the lock is gone.
WAITING = """
    SELECT EXISTS (
        SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
        AND clock_timestamp() - query_start > make_interval(secs => %s)
    )
"""
LONG_S = 4.0  # less than the patience of who gives up


def write(connection: BaseDatabaseWrapper) -> None:
    """Write some pages and take them back. Only PostgreSQL is asked: a file's disk can be seen.

    Raises:
        Error: there is no room, or it cannot be written for another reason. Nothing is raised
            where this role may not even try.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")  # a lock is another trouble
            cursor.execute(ENVELOPES if connection.alias == "counter" else TABLE)
            transaction.set_rollback(True, using=connection.alias)
    except Error as error:
        if trouble(error):
            raise


def waits_for_a_lock(connection: BaseDatabaseWrapper) -> bool:
    """Say whether a question of this role's waits, since seconds, for a lock that somebody holds.

    The server tells nobody but a superuser what others wait for.
    """
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [LONG_S])
        return bool(cursor.fetchone() == (True,))
