"""Take the words of what is gone out of the search's index.

SQLite's FTS5 only notes that a text is gone: its words stay in the index, where they can be read,
until the parts that hold them are merged, which may be never. PostgreSQL keeps them in dead rows
like those of any table.
"""

from django.db import connection

STEP = 64  # pages of the index: some 50 ms, so nobody who saves meanwhile waits long


def forget_what_went() -> None:
    """Merge the whole index, in small steps: some 10 s in a hundred thousand articles."""
    if connection.vendor != "sqlite":
        return
    _merge(-STEP)  # from here on all parts are to become one
    while _merge(STEP):
        pass


def _merge(pages: int) -> bool:
    """Do one step; say whether there was something to do."""
    from modelsearch.backends.database.sqlite.sqlite import SQLiteFTSIndexEntry

    table = SQLiteFTSIndexEntry._meta.db_table  # noqa: SLF001  Django's own name
    with connection.cursor() as cursor:
        before = connection.connection.total_changes
        cursor.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', %s)", [pages])  # noqa: S608  a name of ours
        return bool(connection.connection.total_changes - before >= 2)  # noqa: PLR2004  as SQLite says
