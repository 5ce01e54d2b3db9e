"""Which processes serve a newsroom."""

import subprocess
import sys

import pytest

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.site import serving


def of(newsroom, *roles, **more):
    found = serving.processes(newsroom, roles, host="127.0.0.1", port=8000, **more)
    return {process.name: process for process in found}


def test_all_roles_the_worker_and_the_upkeep_serve_a_newsroom(newsroom):
    found = of(newsroom)

    assert list(found) == [*serving.ROLES, "work", "upkeep"]
    assert [found[role].port for role in serving.ROLES] == [8000, 8001, 8002, 8003]
    assert list(of(newsroom, upkeep=False)) == [*serving.ROLES, "work"]


@pytest.mark.parametrize("role", serving.ROLES)
def test_only_where_the_desk_is_served_the_databases_are_changed(newsroom, role):
    """Counter and till have no right to it."""
    assert list(of(newsroom, role)) == [role, *(["upkeep"] if role == "desk" else [])]


def test_an_address_without_a_port_needs_one(newsroom):
    """Behind a proxy the addresses are those of the proxy."""
    from dataclasses import replace

    addresses = replace(newsroom.addresses, counter="https://sheet.example.org")
    with pytest.raises(NewsroomError, match="Name the first of four with --port"):
        serving.processes(
            replace(newsroom, addresses=addresses), ["counter"], host="127.0.0.1", port=None
        )


def test_an_upkeep_that_cannot_be_done_says_why(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tamizdat.site.upkeep", tmp_path / "nowhere"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "is not a newsroom: it holds no tamizdat.toml" in done.stderr
    assert "Traceback" not in done.stderr
