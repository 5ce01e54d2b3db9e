"""An address of a database that cannot be one: refused by its name, and its password is nowhere."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.lib.processes import last_words
from tamizdat.site.databases.settings import VARIABLES, databases
from tamizdat.site.processes import serving
from tests.free_ports import free_port

SECRET = "GEHEIM"
UNESCAPED = f"postgresql://desk:{SECRET}/2@127.0.0.1/x"
BAD = {
    "a slash in the password": UNESCAPED,
    "a slash behind a number": f"postgresql://desk:12/{SECRET}@127.0.0.1/x",
    "a question mark behind a number": f"postgresql://desk:12?{SECRET}@127.0.0.1/x",
    "a hash behind a number": f"postgresql://desk:12#{SECRET}@127.0.0.1/x",
    "another server": f"mysql://desk:{SECRET}@127.0.0.1/x",
    "no scheme": f"desk:{SECRET}@127.0.0.1/x",
    "one slash": f"postgresql:/desk:{SECRET}@127.0.0.1/x",
    "no host": f"postgresql://desk:{SECRET}@/x",
    "no name": f"postgresql://desk:{SECRET}@127.0.0.1",
    "a port that is a word": f"postgresql://desk:{SECRET}@127.0.0.1:port/x",
    "a port that is too large": f"postgresql://desk:{SECRET}@127.0.0.1:70000/x",
    "no port at all": f"postgresql://desk:{SECRET}@127.0.0.1:0/x",
    "half an IPv6 address": f"postgresql://desk:{SECRET}@[::1/x",
    "a letter that Unicode takes apart": f"postgresql://desk:{SECRET}@db\u2100/x",
    "a byte 0 in the password": f"postgresql://desk:{SECRET}%00@127.0.0.1/x",
    "a bracket in the password": f"postgresql://desk:{SECRET}[2@127.0.0.1/x",
    "half a letter in the password": f"postgresql://desk:{SECRET}%ff@127.0.0.1/x",
    "a blank before the host": f"postgresql://desk:{SECRET}@ 127.0.0.1/x",
    "a blank at the end": f"postgresql://desk:{SECRET}@127.0.0.1/x ",
    "an option that nobody knows": f"postgresql://desk:{SECRET}@127.0.0.1/x?sslmod=require",
    "an option without a value": f"postgresql://desk:{SECRET}@127.0.0.1/x?sslmode=",
    "an option that is a word": f"postgresql://desk:{SECRET}@127.0.0.1/x?sslmode",
    "an encryption that is none": f"postgresql://desk:{SECRET}@127.0.0.1/x?sslmode=verify",
    "an option twice": f"postgresql://d:{SECRET}@h/x?sslmode=require&sslmode=disable",
    "two hosts": f"postgresql://desk:{SECRET}@127.0.0.1/x?host=db.internal",
    "two users": f"postgresql://desk:{SECRET}@127.0.0.1/x?user=till",
    "two ports": f"postgresql://desk:{SECRET}@127.0.0.1:5432/x?port=5433",
    "two names": f"postgresql://desk:{SECRET}@127.0.0.1/x?dbname=y",
    "a port too large behind": f"postgresql://desk:{SECRET}@127.0.0.1/x?port=70000",
    "a wait for ever": f"postgresql://desk:{SECRET}@127.0.0.1/x?connect_timeout=0",
    "options of the server": f"postgresql://desk:{SECRET}@127.0.0.1/x?options=-c%20a=b",
}
GOOD = {
    "postgresql://desk:a%2Fb%40c@db.internal:5433/desk": ("desk", "a/b@c", "db.internal", "5433"),
    "postgres://desk@%2Fvar%2Frun%2Fpostgresql/desk": ("desk", "", "/var/run/postgresql", ""),
    "postgresql://desk:secret@[::1]/desk": ("desk", "secret", "::1", ""),
    "postgresql:///desk": ("", "", "", ""),
    "postgresql://desk@/desk": ("desk", "", "", ""),
    "postgresql://desk:secret@db.internal/desk?": ("desk", "secret", "db.internal", ""),
    "postgresql:///desk?host=/run/pg&user=desk&port=5433": ("desk", "", "/run/pg", "5433"),
    "postgresql://desk@/desk?host=%2Frun%2Fits%20own": ("desk", "", "/run/its own", ""),
    "postgresql://desk:a%5Bb@db/desk?sslmode=require": ("desk", "a[b", "db", ""),
}


@pytest.mark.parametrize("address", BAD.values(), ids=BAD)
@pytest.mark.parametrize("alias", VARIABLES)
def test_what_cannot_be_an_address_is_refused_by_its_name_alone(
    newsroom, monkeypatch, alias, address
):
    role = {"default": "desk"}.get(alias, alias)
    monkeypatch.setenv(VARIABLES[alias], address)

    with pytest.raises(NewsroomError, match=f"^{VARIABLES[alias]} must be ") as refused:
        databases(replace(newsroom, databases={}), role)

    assert SECRET not in str(refused.value)
    assert all(f"%{ord(each):X}" in str(refused.value) for each in "/@:?#%[]")
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(("address", "parts"), GOOD.items())
def test_what_can_be_an_address_is_taken_apart(newsroom, monkeypatch, address, parts):
    monkeypatch.setenv("DATABASE_URL", address)

    found = databases(replace(newsroom, databases={}), "desk")["default"]

    assert tuple(found[each] for each in ("USER", "PASSWORD", "HOST", "PORT")) == parts
    assert found["NAME"] == "desk"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad")
    shutil.copy(f"{os.environ['TAMIZDAT_NEWSROOM']}/tamizdat.toml", folder)
    (folder / "data").mkdir()
    return folder


COMMANDS = (("doctor",), ("build",), ("work", "--once"), ("work",), ("createuser", "a@b.example"))
WITHOUT = {name: each for name, each in os.environ.items() if name not in VARIABLES.values()}


def environment(sheet, alias, address):
    role = {"default": "desk"}.get(alias, alias)
    named = {VARIABLES[alias]: address, "TAMIZDAT_NEWSROOM": str(sheet), "TAMIZDAT_ROLE": role}
    return WITHOUT | named


def run(command, env, **more):
    return subprocess.run(
        command, env=env, capture_output=True, text=True, check=False, timeout=60, **more
    )


@pytest.mark.parametrize("address", [UNESCAPED, BAD["another server"]], ids=["slash", "mysql"])
@pytest.mark.parametrize("alias", VARIABLES)
def test_a_role_that_cannot_start_says_the_variable_and_never_the_password(
    sheet, newsroom, alias, address
):
    env = environment(sheet, alias, address)
    role = env["TAMIZDAT_ROLE"]
    command = serving.role_listening.command("127.0.0.1", free_port())
    ear = last_words.Ear()

    done = run(command, env | dict(ear.variables), pass_fds=(ear.number,))

    ear.begin()
    assert done.returncode != 0, role
    assert f"Error: {VARIABLES[alias]} must be " in done.stderr
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert ear.end().startswith(f"{VARIABLES[alias]} must be ")


@pytest.mark.parametrize(
    "command",
    [
        *((sys.executable, "-m", "tamizdat.site", *words) for words in COMMANDS),
        (sys.executable, "-m", "tamizdat.site.processes.upkeep", "."),
        (sys.executable, "-c", "import tamizdat.site.wsgi"),
    ],
    ids=lambda command: " ".join(command[1:]),
)
def test_whatever_else_starts_with_such_an_address_leaves_out_the_password(sheet, command):
    done = run(command, environment(sheet, "default", UNESCAPED), cwd=sheet)

    assert done.returncode != 0
    assert SECRET not in done.stdout + done.stderr
