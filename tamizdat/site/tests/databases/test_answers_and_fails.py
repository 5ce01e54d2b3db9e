"""A PostgreSQL server whose disk is full, or in which somebody holds a lock, answers.

What failed is over when it can be done again, and not when the server answers.
"""

from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import Error, connections

from tamizdat.lib import alerts, clock
from tamizdat.site.backends.patience import PatientConnection
from tamizdat.site.databases import database_alerts, database_versions, database_watch, trial
from tamizdat.site.health import databases as databases_health
from tamizdat.site.tests.databases.test_patience import connection_of
from tests.waiting import at_last

NARROW = (
    "DROP ROLE IF EXISTS narrow",
    "CREATE ROLE narrow LOGIN",
    "GRANT INSERT ON counter_envelope TO narrow",
    "REVOKE ALL ON DATABASE full_disk FROM PUBLIC",
    "GRANT CONNECT ON DATABASE full_disk TO narrow",
)
ENVELOPE = "CREATE TABLE counter_envelope (id uuid, kind varchar(32), day date, payload text)"
FULL = """
    CREATE FUNCTION full_disk() RETURNS {returns} LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$
"""
AT_ONCE = {
    "till": "CREATE EVENT TRIGGER full_disk ON ddl_command_start WHEN TAG IN ('CREATE TABLE AS') "
    "EXECUTE FUNCTION full_disk()",
    "counter": "CREATE TRIGGER full_disk BEFORE INSERT ON counter_envelope "
    "EXECUTE FUNCTION full_disk()",
}
RETURNS = {"till": "event_trigger", "counter": "trigger"}
EMPTIED = "DROP FUNCTION full_disk() CASCADE"


@pytest.fixture
def database(postgres):
    """A database in which a role may do little; and its owner, who fills the disk."""
    postgres.run("DROP DATABASE IF EXISTS full_disk")
    postgres.run("CREATE DATABASE full_disk")
    address = postgres.address("full_disk")
    with psycopg.connect(address, autocommit=True) as owner:
        for statement in (ENVELOPE, *NARROW):
            owner.execute(statement)
        yield owner
    postgres.run("DROP DATABASE full_disk")
    postgres.run("DROP ROLE narrow")


@pytest.fixture(params=["till", "counter"])
def alias(request, database, postgres, newsroom, monkeypatch, django_db_blocker):
    """The till's database, which is its own, or the counter's, into which it only inserts."""
    user = {"counter": "narrow"}.get(request.param, "owner")
    address = postgres.address("full_disk", user=user)
    monkeypatch.setattr(database_versions, "version", lambda _alias: "well")
    with (
        django_db_blocker.unblock(),
        closing(connection_of(request.param, newsroom, address)) as mine,
        in_place(request.param, mine),
    ):
        yield request.param


@contextmanager
def in_place(alias, connection):
    before, connections[alias] = connections[alias], connection
    try:
        yield
    finally:
        connections[alias] = before


def fill(owner, alias):
    owner.execute(FULL.format(returns=RETURNS[alias]))
    owner.execute(AT_ONCE[alias])


def keys(newsroom):
    return [each.key for each in alerts.standing(newsroom.data)]


def test_what_cannot_be_written_is_over_when_it_can_be_and_not_when_the_server_answers(
    alias, database, newsroom
):
    fill(database, alias)
    watch = database_watch.Watch(newsroom, _states={alias: "unwritable"})

    for _ in range(2):
        watch._examine(alias)
        assert watch.state(alias) == "unwritable"
    database.execute(EMPTIED)
    watch._examine(alias)

    assert watch.state(alias) == "well"


def test_a_process_that_begins_on_a_full_disk_does_not_take_the_alert_of_another_back(
    alias, database, newsroom
):
    fill(database, alias)
    told = database_alerts.alert(alias, "unwritable")
    alerts.raise_alert(newsroom.data, told, clock.now())

    watch = database_watch.Watch(newsroom, _states={alias: "unknown"})
    watch._examine(alias)

    assert keys(newsroom) == [told.key]


def test_the_doctor_writes_before_it_calls_a_database_well(alias, database, newsroom, monkeypatch):
    monkeypatch.setattr(databases_health, "_ours", lambda: [alias])
    assert not list(databases_health.that_do_not_answer(newsroom))
    fill(database, alias)

    found = list(databases_health.that_do_not_answer(newsroom))

    assert [each.what for each in found] == [f"Nothing can be written to the {alias}'s database."]


def test_a_trial_leaves_nothing(alias, database):
    trial.write(connections[alias])

    tables = database.execute("SELECT relname FROM pg_class WHERE relname LIKE 'tamizdat%'")
    assert not tables.fetchall()
    assert database.execute("SELECT count(*) FROM counter_envelope").fetchone() == (0,)


def test_a_lock_that_somebody_holds_is_told_until_it_is_gone(
    alias, database, postgres, newsroom, monkeypatch
):
    """As a VACUUM FULL holds it, or a session that was left open."""
    monkeypatch.setattr(PatientConnection, "patience_s", 0.2)
    monkeypatch.setattr(trial, "LONG_S", 0.1)
    monkeypatch.setattr(databases_health, "_ours", lambda: [alias])
    user = {"counter": "narrow"}.get(alias, "owner")
    watch = database_watch.Watch(newsroom, _states={alias: "away"})
    with psycopg.connect(postgres.address("full_disk")) as forgotten:
        forgotten.execute("LOCK TABLE counter_envelope")
        asks = connection_of("till", newsroom, postgres.address("full_disk", user=user))
        with closing(asks), pytest.raises(Error), asks.cursor() as cursor:
            cursor.execute(trial.ENVELOPES)

        for _ in range(2):
            watch._examine(alias)
            assert watch.state(alias) == "held"
            assert keys(newsroom) == [f"database-{alias}-held"]
        (found,) = databases_health.that_do_not_answer(newsroom)
        assert found.what == f"Somebody holds a lock in the {alias}'s database."
        forgotten.rollback()

    assert at_last(lambda: watch._examine(alias) or watch.state(alias) == "well")
    assert keys(newsroom) == []
