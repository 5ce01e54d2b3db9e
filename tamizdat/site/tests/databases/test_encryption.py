"""An address that demands encryption is heeded by whoever opens a connection, or refused."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest
from django.db import Error
from django.db.utils import load_backend

from tamizdat.lib.newsroom import database_address
from tamizdat.lib.processes import environment
from tamizdat.site.backends.postgresql import base
from tamizdat.site.databases import migrating
from tamizdat.site.databases.settings import OWN, VARIABLES, databases, postgresql
from tests.free_ports import free_port
from tests.postgres import server

DEFAULTS = {"AUTOCOMMIT": True, "TIME_ZONE": None, "ATOMIC_REQUESTS": False}
IS_ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
OF_THE_LOCK = """
    SELECT ssl FROM pg_stat_ssl JOIN pg_locks USING (pid) WHERE locktype = 'advisory'
"""
DEMANDS = ("sslmode=require", "sslmode=verify-ca", "sslmode=verify-full")
#: One value of each option that it may have.
SAMPLES = {"sslmode": "require", "ssl_min_protocol_version": "TLSv1.2", "application_name": "sheet"}
SAMPLES |= {"channel_binding": "prefer", "gssencmode": "disable", "connect_timeout": "5"}
SAMPLES |= {"target_session_attrs": "any"}

OF_LIBPQ = {each.envvar.decode() for each in psycopg.pq.Conninfo.get_defaults() if each.envvar}
#: Those by which somebody demands something of a server.
ENCRYPTS = {name for name in OF_LIBPQ if name.startswith(("PGSSL", "PGREQUIRE"))}
ENCRYPTS -= {"PGSSLCOMPRESSION"}


@pytest.fixture(scope="module")
def in_clear():
    with server(port=free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def encrypting():
    with server(port=free_port(), encrypts=True) as running:
        yield running


@pytest.fixture(autouse=True)
def own_connections(django_db_blocker):
    """Nothing here touches the databases of the test run."""
    with django_db_blocker.unblock():
        yield


def connection_of(role, newsroom, address):
    """A role's connection to a server, as Django makes one for each thread."""
    alias = OWN[role]
    settings = databases(replace(newsroom, databases={alias: address}), role)[alias]
    backend = load_backend(settings["ENGINE"])
    return backend.DatabaseWrapper({"CONN_HEALTH_CHECKS": True, **DEFAULTS, **settings}, alias)


def ask(connection, question=IS_ENCRYPTED):
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("demand", DEMANDS)
@pytest.mark.parametrize("role", OWN)
def test_no_role_speaks_in_clear_to_a_server_where_its_address_demands_more(
    newsroom, in_clear, role, demand
):
    address = f"{in_clear.address_by_network()}?{demand}&sslrootcert=/etc/hostname"
    with closing(connection_of(role, newsroom, address)) as connection, pytest.raises(Error):
        ask(connection)


def certified(encrypting, mode="verify-full"):
    return f"{encrypting.address_by_network()}?sslmode={mode}&sslrootcert={encrypting.certificate}"


@pytest.mark.parametrize("role", OWN)
def test_a_role_encrypts_and_checks_whom_it_speaks_to(newsroom, encrypting, role):
    with closing(connection_of(role, newsroom, certified(encrypting))) as connection:
        assert ask(connection)

    elsewhere = certified(encrypting).replace("127.0.0.1", "localhost")  # not in its certificate
    with closing(connection_of(role, newsroom, elsewhere)) as connection, pytest.raises(Error):
        ask(connection)


def test_the_second_connections_are_encrypted_as_the_first(newsroom, encrypting, monkeypatch):
    """One asks whether a silent server lives, the other holds the lock of who migrates."""
    opened = []

    def connect(**given):
        opened.append(given)
        return real(**given)

    with closing(connection_of("desk", newsroom, certified(encrypting))) as connection:
        ask(connection)
        real = base.psycopg.connect
        monkeypatch.setattr(base.psycopg, "connect", connect)
        assert connection.connection.lives()
        monkeypatch.setattr(migrating, "connections", {"default": connection})
        with migrating._in_postgresql() as ours:
            assert ours
            assert ask(connection, OF_THE_LOCK)
    assert [each["sslmode"] for each in opened] == ["verify-full"]


def init(folder, **named):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAMIZDAT_")}
    words = ("init", str(folder), "--name", "The Sheet", "--yes")
    return subprocess.run(
        [sys.executable, "-m", "tamizdat.site", *words],
        env=kept | named, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("variable", VARIABLES.values())
def test_no_newsroom_is_founded_in_clear_where_its_address_demands_more(
    in_clear, tmp_path, variable
):
    in_clear.run("CREATE TABLE IF NOT EXISTS recipes (id int)")  # it would be seen, were it read

    done = init(tmp_path / "sheet", **{variable: f"{in_clear.address_by_network()}?{DEMANDS[0]}"})

    assert done.returncode == 1
    assert f"The database that {variable} names cannot be read" in done.stderr
    assert "TLS" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", [*database_address.OPTIONS])
def test_what_stands_behind_the_question_mark_is_heeded(newsroom, option):
    places = {"user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    value = {"host": "/run/pg", "port": "5433"}.get(option, SAMPLES.get(option, "/its/own"))

    found = databases(
        replace(newsroom, databases={"default": f"postgresql:///desk?{option}={value}"}), "desk"
    )["default"]

    heeded = found[places[option]] if option in places else found["OPTIONS"][option]
    assert heeded == value


@pytest.mark.parametrize("process", ["counter", "till", "desk", "work", "build", "init"])
def test_an_encryption_that_the_environment_demands_reaches_who_opens_a_database(
    monkeypatch, process
):
    for name in OF_LIBPQ:
        monkeypatch.setenv(name, "/its/own")

    assert environment.of(process).keys() >= ENCRYPTS


def test_what_roles_do_not_heed_of_libpq_no_command_heeds_and_says_so(monkeypatch, capsys):
    """Else `doctor` would look at another server than the one that is served."""
    for name in OF_LIBPQ:
        monkeypatch.setenv(name, "/its/own")
    served = OF_LIBPQ & environment.of("counter").keys()

    postgresql("databases.default", "postgresql://owner@127.0.0.1/desk")

    assert OF_LIBPQ & os.environ.keys() == served
    assert "PGPORT" in capsys.readouterr().err
    postgresql("databases.default", "postgresql://owner@127.0.0.1/desk")
    assert not capsys.readouterr().err
