"""A PostgreSQL server that is killed, or stopped where it stands, keeps nobody waiting for ever."""

import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest
from django.db import Error, OperationalError

from tamizdat.site.backends.patience import PatientConnection
from tamizdat.site.backends.postgresql import base
from tamizdat.site.backends.postgresql.base import DatabaseWrapper
from tamizdat.site.databases.settings import databases
from tests.free_ports import free_port
from tests.postgres import server


@pytest.fixture(scope="module")
def machine():
    """A database server that a story may kill or stop."""
    with server(port=free_port()) as running:
        yield running


@pytest.fixture(autouse=True)
def own_connections(django_db_blocker):
    """Nothing here touches the databases of the test run."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(params=["socket", "network"])
def address(request, machine):
    return machine.address() if request.param == "socket" else machine.address_by_network()


@pytest.fixture(autouse=True)
def in_a_hurry(monkeypatch):
    """The same bounds, only shorter."""
    monkeypatch.setattr(PatientConnection, "patience_s", 0.3)
    monkeypatch.setattr(base, "HEALTH_S", 0.3)


@pytest.fixture
def connection(newsroom, machine, address):
    with closing(connection_of("desk", newsroom, address)) as one:
        yield one


def connection_of(role, newsroom, address):
    """A role's connection to the server, as Django makes one for each thread."""
    alias = "default" if role == "desk" else role
    named = replace(newsroom, databases={alias: address})
    settings = databases(named, role)[alias]
    settings["OPTIONS"]["connect_timeout"] = 2  # the least there is
    defaults = {"AUTOCOMMIT": True, "TIME_ZONE": None, "ATOMIC_REQUESTS": False}
    return DatabaseWrapper({"CONN_HEALTH_CHECKS": True, **defaults, **settings}, alias)


@pytest.fixture
def frozen(machine):
    """Stops the server where it stands; it goes on after the story at the latest."""
    yield machine.freeze
    machine.thaw()


def ask(connection, question="SELECT 1"):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def asked_again(connection):
    """What Django does between two requests; then ask."""
    connection.close_if_unusable_or_obsolete()
    return ask(connection)


def test_after_a_kill_of_the_server_the_next_question_is_answered(connection, machine):
    assert ask(connection) == 1
    machine.stop("immediate")
    machine.start()

    assert asked_again(connection) == 1


def within(seconds, act):
    """Do something in a thread and return the error that it ended with; it must end in time."""
    ended = []

    def doing():
        try:
            act()
        except Error as error:
            ended.append(error)

    thread = threading.Thread(target=doing, daemon=True)
    thread.start()
    thread.join(seconds)
    assert not thread.is_alive(), "it waits for ever"
    return ended[0] if ended else None


def unbound(connection):
    """Let other threads use it, as the story's own does."""
    connection.inc_thread_sharing()
    return connection


def test_a_stopped_server_is_given_up_in_the_middle_of_a_question(connection, frozen):
    unbound(connection)
    ask(connection)
    frozen()

    error = within(30, lambda: ask(connection))

    assert isinstance(error, OperationalError)


def test_a_stopped_server_is_given_up_before_a_question_and_by_who_connects(connection, frozen):
    unbound(connection)
    ask(connection)
    frozen()
    connection.close_if_unusable_or_obsolete()

    for _ in range(2):
        assert isinstance(within(30, lambda: asked_again(connection)), OperationalError)


def test_a_stopped_server_that_goes_on_is_asked_again(connection, machine, frozen):
    unbound(connection)
    ask(connection)
    frozen()
    assert within(30, lambda: asked_again(connection))
    machine.thaw()

    assert asked_again(connection) == 1


def test_a_long_question_is_waited_for_while_the_server_lets_others_in(connection):
    assert ask(connection, "SELECT pg_sleep(1)") == ""
    assert asked_again(connection) == 1


def test_where_readers_wait_a_long_question_is_given_up(newsroom, address):
    """Counter and till ask nothing that takes long; a lock that somebody forgot could."""
    with closing(connection_of("till", newsroom, address)) as connection:
        with pytest.raises(OperationalError):
            ask(connection, "SELECT pg_sleep(30)")

        assert asked_again(connection) == 1


def test_while_one_thread_waits_for_a_stopped_server_the_others_do_not(
    newsroom, address, connection, frozen
):
    unbound(connection)
    ask(connection)
    frozen()
    assert within(30, lambda: asked_again(connection))
    waiting = threading.Thread(target=within, args=(30, lambda: asked_again(connection)))
    waiting.start()
    time.sleep(0.5)

    with closing(connection_of("desk", newsroom, address)) as another, pytest.raises(Error):
        ask(another)

    assert waiting.is_alive(), "the other waited as long"
    waiting.join()
