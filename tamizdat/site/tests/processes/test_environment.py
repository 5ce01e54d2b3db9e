"""What each process of a newsroom finds in its environment: planted secrets, and who has which."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tamizdat.lib.processes import environment
from tamizdat.site.processes.serving import ROLES
from tests.founded import copy_databases, found
from tests.free_ports import free_ports

DATABASES = ("DATABASE_URL", "COUNTER_DATABASE_URL", "TILL_DATABASE_URL")
SECRETS = (
    "TAMIZDAT_MAIL_PASSWORD",
    "TAMIZDAT_TILL_STRIPE_KEY",
    "TAMIZDAT_COUNTER_KEY",
    "TAMIZDAT_PASSPHRASE",
    "TAMIZDAT_PASSWORD",
    "AWS_SECRET_ACCESS_KEY",
    "PGPASSWORD",
)
MAY_HAVE = {
    "edition": set(),
    "counter": {"COUNTER_DATABASE_URL", "TAMIZDAT_COUNTER_KEY"},
    "till": {"TILL_DATABASE_URL", "TAMIZDAT_TILL_STRIPE_KEY"},
    "desk": set(DATABASES),
    "work": {*DATABASES, "TAMIZDAT_MAIL_PASSWORD"},
    "build": set(DATABASES),
}
WAITING = (
    "INSERT INTO press_rerenderjob (job) SELECT 'front:en' || n FROM generate_series(1, 5000) n"
)


@pytest.fixture(scope="module")
def planted(postgres):
    """An environment full of secrets, of which the databases' are in use."""
    full = {name: value for name, value in os.environ.items() if not name.startswith("TAMIZDAT_")}
    full |= {name: f"planted-{name}" for name in SECRETS}
    for name, database in copy_databases(postgres, "planted").items():
        full[name] = postgres.address(database, user=f"owner:planted-{name}")
    return full


@pytest.fixture(scope="module")
def sheet(planted, postgres, tmp_path_factory):
    addresses = {name: planted[name] for name in DATABASES}
    folder = found(tmp_path_factory.mktemp("planted") / "sheet", addresses, free_ports(4))
    postgres.run(WAITING, "planted_desk")
    return folder


@contextmanager
def serving(folder, env, *words):
    """Serve, and yield the process that watches over the others."""
    command = [sys.executable, "-m", "tamizdat.site", "--newsroom", str(folder), "serve", *words]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def below(pid):
    """Yield the processes that a process started, and what these started."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield int(child)
            yield from below(int(child))


class BetweenTwoProgramsError(Exception):
    """A process that is about to run another program, or that has ended."""


def look(pid):
    """Return which process of ours it is, which planted secrets it has, and its command line.

    Raises:
        BetweenTwoProgramsError: what was read could be of two programs, or is of none any more.
    """
    line = read(pid, "cmdline")
    mine = dict(each.split("=", 1) for each in read(pid, "environ") if "=" in each)
    if line != read(pid, "cmdline") or not any(line):
        raise BetweenTwoProgramsError
    name = next((word for word in ("work", "build") if word in line), mine.get("TAMIZDAT_ROLE"))
    return name, {each for each, value in mine.items() if "planted-" in value}, " ".join(line)


def read(pid, what):
    return Path(f"/proc/{pid}/{what}").read_text().split("\0")


def seen(pid, wanted):
    """Return what all processes below one have, once all the wanted ones have been seen."""
    found, lines = {}, set()
    until = time.monotonic() + 60
    while time.monotonic() < until and not wanted <= found.keys():
        for child in below(pid):
            try:
                name, held, line = look(child)
            except (FileNotFoundError, ProcessLookupError, BetweenTwoProgramsError):
                continue
            if " serve" not in line:  # it is still us: a fork that has not become its program
                found.setdefault(name, set()).update(held)
                lines.add(line)
        time.sleep(0.05)
    return found, lines


def test_no_process_has_a_secret_that_it_does_not_need(sheet, planted):
    with serving(sheet, planted) as pid:
        found, lines = seen(pid, set(MAY_HAVE))

    assert found == MAY_HAVE
    assert [line for line in lines if "planted-" in line] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_started_alone_has_no_more(sheet, planted, role):
    """The worker goes with the desk."""
    wanted = {role, "work"} if role == "desk" else {role}
    with serving(sheet, planted, "--role", role) as pid:
        found, _ = seen(pid, wanted)

    assert found == {name: MAY_HAVE[name] for name in wanted}


def test_an_unknown_process_gets_nothing_by_mistake(monkeypatch):
    monkeypatch.setenv("TAMIZDAT_MAIL_PASSWORD", "planted")

    assert "TAMIZDAT_MAIL_PASSWORD" not in environment.of("ranking")
    with pytest.raises(KeyError):
        environment.of("something new")
