"""The long version of site/tests/databases/test_migrating.py: all three databases are empty."""

import pytest

from tamizdat.site.databases import migrating
from tamizdat.site.tests.databases.test_migrating import all_live, begin, folder
from tests.founded import VARIABLES
from tests.postgres import server

__all__ = ["folder"]
PROCESSES = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request):
    """The addresses of three empty databases; of files that are not there there are none."""
    if request.param == "sqlite":
        yield {}
        return
    with server() as machine:
        for name in VARIABLES.values():
            machine.run(f"CREATE DATABASE {name}")
        yield {variable: machine.address(name) for variable, name in VARIABLES.items()}


def test_several_that_start_together_on_empty_databases_all_live(folder, empty):
    """Without the lock all but one die: each makes the same tables."""
    said = all_live([begin(folder, empty) for _ in range(PROCESSES)])

    assert migrating.WAITS in "".join(errors for _, errors in said)
