"""The counter runs with the right to insert and no other, and what it wrote tells nobody who."""

import json
import re

import psycopg
import pytest

from tamizdat.readers.tests import room
from tamizdat.readers.tests.counter.counter_errands import ADDRESS, ROW, TOKEN
from tests.databases import NAMES, OnSqlite

pytestmark = pytest.mark.django_db(databases=["counter"])

ERRANDS = "tamizdat.readers.tests.counter.counter_errands"
EXPECTED = {
    "form": 200, "subscribe": 200, "again": 200, "confirm page": 200, "confirm": 200,
    "leave page": 200, "leave": 200, "nowhere": 404, "too long": 400,
}  # fmt: skip
SQLITE_SAYS = re.compile(
    r"not authorized|authorization denied|access to .* is prohibited|this key was used"
    r"|no such function"
)
RIGHTS = (  # as docs/howto/counter-on-its-own.md has them
    "REVOKE ALL ON DATABASE counter_alone FROM PUBLIC",
    "GRANT CONNECT ON DATABASE counter_alone TO counter",
    "GRANT SELECT ON counter_published TO counter",
    "GRANT INSERT ON counter_envelope TO counter",
)


@pytest.fixture(scope="module")
def own_newsroom(keyed_newsroom, tmp_path_factory):
    """Its counter is on SQLite, whatever the other tests run on."""
    own = room.lay_out(tmp_path_factory.mktemp("counter") / "room", keyed_newsroom)
    OnSqlite().of_its_own(own.folder)
    room.tell(own, OnSqlite())
    return own


@pytest.fixture(scope="module")
def said(own_newsroom):
    """What the counter, as a process in its own role on SQLite, answered."""
    return json.loads(room.run(own_newsroom, ERRANDS))


def test_on_sqlite_an_authorizer_refuses_all_but_inserting(said, own_newsroom):
    assert said["status"] == EXPECTED
    assert {name: why for name, why in said["refused"].items() if not SQLITE_SAYS.match(why)} == {}
    assert _submissions_in_sqlite(own_newsroom) == [
        ("confirm", None),
        ("kept", "as it was"),
        ("leave", None),
        ("subscribe", None),
        ("subscribe", None),
    ]


def test_on_postgresql_two_rights_are_enough(own_newsroom, postgres):
    postgres.run(f"CREATE DATABASE counter_alone TEMPLATE {NAMES['counter']}_empty")
    postgres.run("CREATE ROLE counter LOGIN")
    for statement in RIGHTS:
        postgres.run(statement, "counter_alone")
    with psycopg.connect(postgres.address("counter_alone")) as desk:
        for row in room.told(own_newsroom).items():
            desk.execute(room.TELL.replace("?", "%s"), row)

    said = json.loads(
        room.run(
            own_newsroom, ERRANDS,
            COUNTER_DATABASE_URL=postgres.address("counter_alone", user="counter"),
        )
    )  # fmt: skip

    assert said["status"] == EXPECTED
    used = said["refused"].pop(f"INSERT INTO counter_envelope VALUES ({ROW})")
    assert used == "UniqueViolation"
    assert {n: w for n, w in said["refused"].items() if w != "InsufficientPrivilege"} == {}


def test_no_planted_address_is_found_on_the_public_side(said, own_newsroom):
    holding = [
        path.name
        for path in own_newsroom.folder.rglob("*")
        if path.is_file() and _holds(path.read_bytes(), ADDRESS, TOKEN)
    ]
    assert holding == []
    assert (own_newsroom.data / "counter.sqlite3").exists()
    assert said["status"]["subscribe"] == 200


def test_no_answer_sets_a_cookie_is_kept_or_framed_or_tells_where_it_came_from(said):
    assert said["cookies"] == 0
    assert said["same answer"]
    for headers in said["headers"].values():
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Location" not in headers


def test_the_counter_loads_neither_the_cms_nor_what_opens_addresses(said):
    loaded = said["loaded"]

    rooms = ("wagtail", "tamizdat.desk", "tamizdat.press", "tamizdat.letters")
    assert [name for name in loaded if name.startswith(rooms)] == []
    assert "tamizdat.readers.sealing.opening" not in loaded
    assert "tamizdat.readers.counter.views" in loaded


def _holds(content, *planted):
    return any(text.encode() in content.lower() for text in planted)


def _submissions_in_sqlite(newsroom):
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(newsroom.data / "counter.sqlite3")) as connection:
        rows = connection.execute("SELECT kind, payload FROM counter_envelope")
        return sorted((kind, payload if kind == "kept" else None) for kind, payload in rows)
