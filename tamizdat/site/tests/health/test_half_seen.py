"""Where one fault hides another, the other is not called over; and what hides is itself said."""

import json
import subprocess
import sys

import pytest

from tamizdat.site.tests.at_work import found
from tests.databases import OnSqlite
from tests.without_privileges import without_privileges


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("some", id="some of them"),
        pytest.param("all", id="all of them", marks=pytest.mark.soak),
    ],
)
def said(tmp_path_factory, django_db_setup, request):
    """Of each pair of faults: its names, what began with the first and the second, what ended."""
    sheet = found(tmp_path_factory.mktemp("half") / "newsroom", OnSqlite())
    (sheet.folder / "data/alerts").mkdir()
    python = (sys.executable, "-m")
    for words in (
        ("tamizdat.site", "--newsroom", sheet.folder, "work", "--once"),
        ("tamizdat.site.tests.health.half_seen", sheet.folder, request.param),
    ):
        done = subprocess.run(
            without_privileges(*python, *words), env=sheet.environment("desk"),
            capture_output=True, text=True, check=False, timeout=500,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_each_first_fault_is_seen(said):
    assert [first for first, _second, begun, _seen, _over in said if not begun] == []


def test_no_fault_is_called_over_while_another_hides_it(said):
    assert {(first, second): over for first, second, _begun, _seen, over in said if over} == {}


def test_what_hides_another_is_said_itself(said):
    mute = {second for _first, second, _begun, seen, _over in said if not seen}

    assert mute == set()
