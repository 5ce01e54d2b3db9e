"""A full disk, or a database that may only be read: nobody is told that something was kept."""

import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError, connections

from tamizdat.lib.database_trouble import trouble
from tamizdat.support.tests.box import furnish
from tests.databases import OnSqlite
from tests.waiting import at_last

TOKEN = "abcdefghijklmnopqrstuvwxyz"
LEAVE = f"/en/leave/{TOKEN}"
GOOD_CARD = "4242424242424242"
ROLES = ("counter", "till", "desk")
NO_ROOM = 4096  # bytes of a file that a process may still write: less than any change takes


def test_a_full_disk_and_a_file_that_may_only_be_read_are_known(tmp_path):
    with closing(sqlite3.connect(tmp_path / "one.sqlite3")) as one:
        one.execute("CREATE TABLE letter (text)")
        one.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            one.execute("INSERT INTO letter VALUES (zeroblob(100000))")
        one.execute("PRAGMA query_only = ON")
        with pytest.raises(sqlite3.OperationalError) as readonly:
            one.execute("INSERT INTO letter VALUES (1)")

    assert trouble(full.value) == trouble(readonly.value) == "unwritable"


def test_a_file_that_is_missing_is_away_and_one_that_is_something_else_is_damaged(tmp_path):
    (tmp_path / "letter").write_text("This is no database. " * 100)
    with pytest.raises(sqlite3.OperationalError) as missing:
        sqlite3.connect(tmp_path / "no folder" / "one")
    with (
        closing(sqlite3.connect(tmp_path / "letter")) as other,
        pytest.raises(sqlite3.Error) as garbage,
    ):
        other.execute("SELECT * FROM letter")

    assert trouble(missing.value) == "away"
    assert trouble(garbage.value) == "damaged"


@pytest.mark.django_db
def test_a_question_that_makes_no_sense_says_nothing_of_the_database():
    with pytest.raises(Exception, match="no_such_column") as wrong:  # noqa: SIM117
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT no_such_column")

    assert trouble(wrong.value) is None
    with pytest.raises(Exception, match="no_such_table") as gone:  # noqa: SIM117
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT * FROM no_such_table")
    assert trouble(gone.value) == "missing"
    assert trouble(OperationalError("not a driver's")) is None


@pytest.fixture(scope="module")
def box(tmp_path_factory, newsroom_settings, django_db_setup):
    """Counter, till and desk on SQLite."""
    box = furnish(tmp_path_factory.mktemp("full") / "newsroom", newsroom_settings, OnSqlite())
    for role in ROLES:
        box.start(role)
    yield box
    box.stop()


@pytest.fixture(scope="module")
def newsroom_settings():
    from django.conf import settings

    text = (settings.NEWSROOM.folder / "tamizdat.toml").read_text()
    return text.partition("\n[databases]")[0]


def let_write(box, size):
    for role in ROLES:
        resource.prlimit(box.processes[role].pid, resource.RLIMIT_FSIZE, (size, -1))
        for child in children(box.processes[role].pid):
            resource.prlimit(child, resource.RLIMIT_FSIZE, (size, -1))


def children(pid):
    return map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def test_on_a_full_disk_nothing_is_said_to_be_kept_and_all_goes_on_when_there_is_room(box):
    addresses, page = box.newsroom.addresses, box.pay_page()
    assert sign_in(box).status == 200
    assert at_last(lambda: box.get(f"{addresses.counter}/en/subscribe").status == 200)
    let_write(box, NO_ROOM)

    refused = box.post(addresses.counter + LEAVE)
    unpaid = box.post(page, handle=GOOD_CARD)
    signing_in = sign_in(box)

    assert (refused.status, "Nothing was kept" in refused.text) == (503, True)
    assert unpaid.status == 503
    assert signing_in.status == 503
    assert "does not answer just now" in signing_in.text
    assert box.service_rows("SELECT count(*) FROM charge") == [(0,)], "nothing is charged"
    for path in ("/en/subscribe", LEAVE):
        assert box.get(addresses.counter + path).status == 200
    for name in ROLES:
        assert at_last(lambda key=f"database-{name}-unwritable": key in box.alerts())

    let_write(box, resource.RLIM_INFINITY)

    assert at_last(lambda: box.post(addresses.counter + LEAVE).status == 200)
    assert box.post(page, handle=GOOD_CARD).location.startswith(addresses.counter)
    assert sign_in(box).status == 200
    assert at_last(lambda: box.alerts() == set())
    kept = box.databases.rows("counter", box.folder, "SELECT count(*) FROM counter_envelope")
    assert kept == [(1,)]


def sign_in(box):
    """Type a wrong password at the desk, which notes that in its database."""
    address = f"{box.newsroom.addresses.desk}/account/login/"
    form = box.get(address)
    token = form.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    cookie = form.headers["set-cookie"].partition(";")[0]
    body = f"csrfmiddlewaretoken={token}&login=nora@example.org&password=wrong"
    kind = "application/x-www-form-urlencoded"
    return box._ask("POST", address, body, Cookie=cookie, **{"Content-Type": kind})
