"""The newsroom's PostgreSQL server comes late, is killed, is stopped: all roles outlive it."""

import re
import time
from urllib.parse import urlsplit

import psycopg
import pytest

from tamizdat.lib.worker_socket import wake
from tests.databases import migrated_server
from tests.sheet import Sheet
from tests.waiting import at_last

TOKEN = "abcdefghijklmnopqrstuvwxyz"
LEAVE = f"/en/leave/{TOKEN}"
SIGN_IN = "/account/login/"
HANG_UP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
LONG_S = 12.0  # for several looks that wait five seconds each
SOME_LOOKS_S = 5.0
SUBMISSIONS = "SELECT count(*) FROM counter_envelope"


@pytest.fixture(scope="module")
def machine():
    with migrated_server(keeps=True) as running:
        yield running


@pytest.fixture(scope="module")
def sheet(machine, tmp_path_factory):
    """A newsroom that is served from before its database server runs."""
    founded = Sheet.found(tmp_path_factory.mktemp("lost") / "sheet", machine)
    founded.tamizdat("build").check_returncode()
    machine.stop("fast")
    founded.once = founded.tamizdat("work", "--once")  # refused where one runs
    founded.begin("serve")
    yield founded
    founded.close()


def test_before_its_server_runs_what_needs_none_is_there_and_the_rest_says_it_is_away(
    sheet, machine
):
    assert sheet.at_last("edition", "/en/index.html").status == 200
    assert sheet.at_last("counter", LEAVE).status == 200
    assert sheet.at_last("desk", SIGN_IN, 503).status == 503
    assert sheet.at_last("till", f"/pay/{TOKEN}", 503).status == 503
    assert "does not answer just now" in sheet.asks("desk", SIGN_IN).text
    refused = sheet.once
    assert (refused.returncode, "A database does not answer." in refused.stderr) == (1, True)
    refused = sheet.asks("counter", LEAVE, do="leave")
    assert (refused.status, "Nothing was kept" in refused.text) == (503, True)
    assert {f"database-{name}-away" for name in ("desk", "counter", "till")} <= sheet.alerts()

    machine.start()

    assert sheet.at_last("desk", SIGN_IN).status == 200
    assert sheet.at_last("till", "/begin", 405).status == 405
    assert sheet.begin_contribution("once").status == 200
    assert sheet.asks("counter", LEAVE, do="leave").status == 200
    assert sheet.waits_for("counter", SUBMISSIONS, 0) == 0, "nobody collects"
    assert at_last(lambda: sheet.alerts() == set())


def test_the_first_request_after_a_kill_of_the_server_is_answered(sheet, machine):
    """And `work` goes on: it was dead for ever once."""
    page = urlsplit(sheet.pay_page("once")).path
    for _ in range(5):
        assert sheet.asks("till", page).status == 200
        assert sheet.at_the_desk() == 302
    machine.stop("immediate")
    machine.start()

    assert sheet.at_the_desk() == 302
    assert sheet.asks("till", page).status == 200
    assert sheet.asks("counter", LEAVE, do="leave").status == 200
    assert sheet.waits_for("counter", SUBMISSIONS, 0) == 0, "nobody collects"


def test_while_the_server_is_stopped_where_it_stands_nobody_waits_for_it(sheet, machine):
    page = urlsplit(sheet.pay_page("once")).path
    assert sheet.at_the_desk() == 302
    assert sheet.at_last("counter", "/en/subscribe").status == 200
    machine.freeze()
    try:
        assert sheet.at_the_desk() == 503
        assert sheet.asks("till", page).status == 503
        assert sheet.asks("counter", LEAVE, do="leave").status == 503
        for path in (LEAVE, "/en/subscribe", "/en/remind", "/en/give"):
            assert sheet.asks("counter", path).status == 200
        assert sheet.asks("edition", "/en/index.html").status == 200
        assert "database-desk-away" in sheet.alerts()
    finally:
        machine.thaw()

    assert sheet.at_last("desk", SIGN_IN).status == 200
    assert sheet.at_last("till", page).status == 200
    assert sheet.at_last("counter", LEAVE, do="leave").status == 200
    assert sheet.waits_for("counter", SUBMISSIONS, 0) == 0, "nobody collects"


def test_a_server_that_may_only_be_read_keeps_nothing_and_says_so(sheet, machine):
    """A standby that nobody promoted, or an owner's mistake."""
    databases = ("desk", "counter", "till")
    for name in databases:
        machine.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    machine.run(HANG_UP)

    refused = sheet.at_last("counter", LEAVE, 503, do="leave")
    assert (refused.status, "Nothing was kept" in refused.text) == (503, True)
    assert sheet.asks("counter", LEAVE).status == 200
    wake(sheet.newsroom, "collect")  # a round of `work` meets it, too
    for name in ("desk", "counter"):
        assert at_last(lambda key=f"database-{name}-unwritable": key in sheet.alerts())

    for name in databases:
        machine.run(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    assert sheet.at_last("counter", LEAVE, do="leave").status == 200
    assert sheet.waits_for("counter", SUBMISSIONS, 0) == 0, "nobody collects"
    assert at_last(lambda: sheet.alerts() == set())


def test_tables_that_somebody_locked_are_there_again_when_the_lock_goes(sheet, machine):
    """The counter has two connections to its one database. One that broke was met for ever."""
    assert sheet.at_last("counter", LEAVE, do="leave").status == 200
    with psycopg.connect(machine.address("counter")) as locked:
        locked.execute("LOCK TABLE counter_published, counter_envelope IN ACCESS EXCLUSIVE MODE")
        assert sheet.asks("counter", LEAVE, do="leave").status == 503
        assert at_last(lambda: sheet.alerts() == {"database-counter-held"})
        time.sleep(LONG_S)

    assert sheet.at_last("counter", LEAVE, do="leave").status == 200
    assert at_last(lambda: sheet.alerts() == set())


@pytest.mark.parametrize("name", ["desk", "counter", "till"])
def test_one_that_is_empty_suddenly_is_told_as_lost_and_nothing_is_made_in_it(sheet, machine, name):
    """As a database of the same name that somebody made, or put back without its tables."""
    told = f"database-{name}-lost"
    with psycopg.connect(machine.address(name), autocommit=True) as own:
        own.execute("ALTER SCHEMA public RENAME TO kept")
        own.execute("CREATE SCHEMA public")
        wake(sheet.newsroom, "database")
        assert at_last(lambda: sheet.alerts() == {told})
        wake(sheet.newsroom, "database")
        time.sleep(SOME_LOOKS_S)
        assert sheet.alerts() == {told}
        own.execute("DROP SCHEMA public")  # refused where there is a table
        own.execute("ALTER SCHEMA kept RENAME TO public")

    assert at_last(lambda: sheet.alerts() == set())
    assert sheet.at_last("desk", SIGN_IN).status == 200
    assert sheet.at_last("counter", LEAVE, do="leave").status == 200


def test_what_was_logged_is_a_line_each_and_no_token(sheet):
    said = (sheet.folder / "serve.log").read_text()

    assert TOKEN not in said
    assert not re.search(r"^\w+ stopped\. ", said, re.MULTILINE)
    assert not re.search(r"^Traceback", said, re.MULTILINE)
