import sqlite3
from contextlib import closing
from dataclasses import replace

from tamizdat.site.databases.settings import databases, make_private


def test_nobody_else_on_the_machine_can_read_a_database_or_its_log(newsroom):
    database = databases(replace(newsroom, databases={}), "desk")["till"]
    database["NAME"] = str(newsroom.data / "private.sqlite3")

    make_private(database)
    with closing(sqlite3.connect(database["NAME"])) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; CREATE TABLE letter (id)")
        files = list(newsroom.data.glob("private.sqlite3*"))
        modes = {oct(path.stat().st_mode & 0o777) for path in files}

    assert len(files) == 3
    assert modes == {"0o600"}
