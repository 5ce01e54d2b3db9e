"""Which processes serve a newsroom."""

import subprocess
import sys
from dataclasses import replace

import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site.processes import serving


def of(newsroom, *roles, **more):
    found = serving.processes(newsroom, roles, host="127.0.0.1", port=8000, **more)
    return {process.name: process for process in found}


def test_all_roles_the_worker_and_the_upkeep_serve_a_newsroom(newsroom):
    found = of(newsroom)

    assert list(found) == [*serving.ROLES, "work", "upkeep"]
    assert [found[role].port for role in serving.ROLES] == [8000, 8001, 8002, 8003]
    assert list(of(newsroom, upkeep=False)) == [*serving.ROLES, "work"]


@pytest.mark.parametrize("role", serving.ROLES)
def test_only_where_the_desk_is_served_work_is_done_and_databases_are_changed(newsroom, role):
    """Counter and till have no right to it."""
    beside = ["work", "upkeep"] if role == "desk" else []

    assert list(of(newsroom, role)) == [role, *beside]


APART = {
    "desk": {"till": "elsewhere"},
    "counter": {"default": "elsewhere", "till": "elsewhere"},
    "till": {"default": "elsewhere", "counter": "elsewhere"},
}


@pytest.mark.parametrize(
    ("machine", "expected"),
    [
        ("desk", ["edition", "counter", "desk", "work", "upkeep"]),
        ("counter", ["counter"]),
        ("till", ["till", "work", "upkeep"]),
    ],
)
def test_a_machine_serves_the_roles_whose_databases_it_holds(newsroom, machine, expected):
    assert list(of(replace(newsroom, databases=APART[machine]))) == expected


def test_a_till_apart_looks_after_itself_with_its_own_secrets_and_no_others(newsroom, monkeypatch):
    for name in ("TILL_DATABASE_URL", "TAMIZDAT_TILL_KEY", "TAMIZDAT_MAIL_PASSWORD"):
        monkeypatch.setenv(name, "planted")

    found = of(replace(newsroom, databases=APART["till"]), "till")

    for name in ("till", "work", "upkeep"):
        environment = found[name].environment
        planted = {each for each, value in environment.items() if value == "planted"}
        assert planted == {"TILL_DATABASE_URL", "TAMIZDAT_TILL_KEY"}, name
        assert environment["TAMIZDAT_ROLE"] == "till"


@pytest.mark.parametrize(
    ("machine", "role"), [("desk", "till"), ("till", "desk"), ("till", "counter")]
)
def test_a_role_is_not_served_where_its_database_is_not(newsroom, machine, role):
    with pytest.raises(NewsroomError, match=f"The {role}'s database is on another machine"):
        of(replace(newsroom, databases=APART[machine]), role)


def test_a_password_for_a_database_that_is_elsewhere_is_refused(newsroom, monkeypatch):
    monkeypatch.setenv("TILL_DATABASE_URL", "postgresql://till:planted@db/till")

    with pytest.raises(NewsroomError, match="but TILL_DATABASE_URL is set") as refused:
        of(replace(newsroom, databases=APART["desk"]), "desk")

    assert "planted" not in str(refused.value)


def test_an_address_without_a_port_needs_one(newsroom):
    """Behind a proxy the addresses are those of the proxy."""
    addresses = replace(newsroom.addresses, counter="https://sheet.example.org")
    with pytest.raises(NewsroomError, match="Name the first of four with --port"):
        serving.processes(
            replace(newsroom, addresses=addresses), ["counter"], host="127.0.0.1", port=None
        )


def test_an_upkeep_that_cannot_be_done_says_why(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tamizdat.site.processes.upkeep", tmp_path / "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "is not a newsroom: it holds no tamizdat.toml" in done.stderr
    assert "Traceback" not in done.stderr
