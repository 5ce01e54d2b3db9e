"""A newsroom is never founded on databases that hold anything, nor goes on without its own."""

import os
import subprocess
import sys
from dataclasses import replace

import psycopg
import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site.databases.settings import databases
from tamizdat.site.founding.databases_in_use import refuse_in_use
from tests.founded import copy_databases, found
from tests.free_ports import free_ports
from tests.in_turn import in_turn

VARIABLES = {
    "DATABASE_URL": "used_desk",
    "COUNTER_DATABASE_URL": "used_counter",
    "TILL_DATABASE_URL": "used_till",
}
PASSWORD = "a-planted-password"


@pytest.fixture(scope="module")
def addresses(postgres):
    """Three empty databases, and what names them in the environment."""
    for name in VARIABLES.values():
        postgres.run(f"CREATE DATABASE {name}")
    owner = f"owner:{PASSWORD}"
    return {each: postgres.address(name, user=owner) for each, name in VARIABLES.items()}


def environment(**named):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAMIZDAT_")}
    return kept | named


def init(folder, **named):
    words = ("init", str(folder), "--name", "The Sheet", "--yes")
    return subprocess.run(
        [sys.executable, "-m", "tamizdat.site", *words],
        env=environment(**named), capture_output=True, text=True, check=False,
    )  # fmt: skip


def names(postgres, database):
    with psycopg.connect(postgres.address(database)) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(name for (name,) in rows)


def refused(done, folder, variable, holds):
    """Say whether it was refused with one sentence that helps, and nothing was made."""
    return (
        done.returncode == 1
        and done.stderr.count("\n") == 1
        and f"{variable} names a database that holds {holds}." in done.stderr
        and "Name an empty database" in done.stderr
        and PASSWORD not in done.stderr
        and list(folder.parent.iterdir()) == []
    )


@pytest.mark.parametrize(
    ("made", "holds"),
    [
        pytest.param("CREATE TABLE django_migrations (id int)", "a newsroom's tables", id="half"),
        pytest.param("CREATE TABLE recipes (id int)", "1 tables already", id="somebody else's"),
    ],
)
@pytest.mark.parametrize("variable", VARIABLES)
def test_a_database_with_any_table_is_refused(postgres, addresses, tmp_path, variable, made, holds):
    folder, database = tmp_path / "sheet", VARIABLES[variable]
    postgres.run(made, database)
    before = names(postgres, database)
    try:
        done = init(folder, **{variable: addresses[variable]})
        assert names(postgres, database) == before
    finally:
        postgres.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public", database)

    assert refused(done, folder, variable, holds), done.stderr


def test_a_server_that_is_away_is_said_without_its_password(tmp_path):
    away = f"postgresql://owner:{PASSWORD}@127.0.0.1:1/desk"

    done = init(tmp_path / "sheet", DATABASE_URL=away)

    assert done.returncode == 1
    assert "DATABASE_URL names cannot be read" in done.stderr
    assert PASSWORD not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def founded(postgres, addresses, tmp_path_factory):
    """A newsroom in earnest, in PostgreSQL."""
    copy_databases(postgres, "used")
    return found(tmp_path_factory.mktemp("founded") / "sheet", addresses, free_ports(4))


def test_an_init_that_was_broken_off_is_said_and_no_folder_that_never_was(
    postgres, addresses, tmp_path, monkeypatch
):
    unfinished = tmp_path / ".sheet.unfinished"
    unfinished.mkdir()
    monkeypatch.setenv("TILL_DATABASE_URL", addresses["TILL_DATABASE_URL"])
    postgres.run("CREATE TABLE django_migrations (id int)", "used_till")
    try:
        with pytest.raises(NewsroomError) as refused:
            refuse_in_use(unfinished)
    finally:
        postgres.run("DROP TABLE django_migrations", "used_till")

    assert f"was broken off here: {unfinished}" in str(refused.value)
    assert "drop them" in str(refused.value)
    assert "bring that newsroom's folder" not in str(refused.value)


@pytest.mark.parametrize("readers", [0, 3])
def test_a_newsroom_in_use_is_refused(postgres, addresses, founded, tmp_path, readers):
    for n in range(readers):
        row = f"INSERT INTO readers_reader (sealed, tag) VALUES ('', '{n}')"
        postgres.run(row, VARIABLES["DATABASE_URL"])
    try:
        done = init(tmp_path / "another", **addresses)
    finally:
        postgres.run("DELETE FROM readers_reader", VARIABLES["DATABASE_URL"])

    held = f"a newsroom with {readers} readers"
    assert refused(done, tmp_path / "another", "DATABASE_URL", held), done.stderr


def test_a_demonstration_heeds_no_database_in_earnest(addresses, newsroom, monkeypatch):
    for variable, address in addresses.items():
        monkeypatch.setenv(variable, address)
    plain = replace(newsroom, databases={})

    assert databases(plain, "desk")["default"]["NAME"] == VARIABLES["DATABASE_URL"]
    for role in ("desk", "counter", "till"):
        held = databases(replace(plain, demonstration=True), role)
        assert {each["NAME"].startswith(str(plain.data)) for each in held.values()} == {True}


def test_an_empty_database_is_no_start_for_a_newsroom_that_stands(postgres, addresses, founded):
    """The folder came back from the backup, its database did not."""
    postgres.run("CREATE DATABASE used_lost")
    lost = addresses | {"DATABASE_URL": postgres.address("used_lost")}

    verbs = (("work", "--once"), ("build",))  # `serve`: see test_serve.py
    for done in in_turn(founded, *verbs, env=environment(**lost)):
        assert done.returncode == 1
        assert "The desk's database is empty" in done.stderr
    assert names(postgres, "used_lost") == []


def test_missing_reader_keys_are_said_and_never_made(postgres, addresses, founded):
    """The database came back from the backup, the keys did not."""
    postgres.run("INSERT INTO readers_reader (sealed, tag) VALUES ('', 'a')", "used_desk")
    for key in founded.glob("keys/reader.*"):
        key.rename(key.with_name(f"lost-{key.name}"))
    try:
        verbs = (("work", "--once"), ("doctor",))
        done, examined = in_turn(founded, *verbs, env=environment(**addresses))
        assert list(founded.glob("keys/reader.*")) == []
    finally:
        for key in founded.glob("keys/lost-*"):
            key.rename(key.with_name(key.name.removeprefix("lost-")))
        postgres.run("DELETE FROM readers_reader", "used_desk")

    for said in (done.stderr, examined.stdout):
        assert "no reader key, but 1 readers have addresses sealed to one" in said
