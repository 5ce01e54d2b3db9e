"""A newsroom in earnest on PostgreSQL for tests that do not ask how one is founded.

`tamizdat init` takes ten seconds, nearly all of them to migrate. Here the databases are copies of
what the test run keeps, and the rest is done as `init` does it.
"""

from pathlib import Path

import pytest

from tamizdat.site.founding import newsroom
from tamizdat.site.founding.settings_file import Wanted, four_origins
from tests.databases import NAMES
from tests.postgres import Server

VARIABLES = {
    "DATABASE_URL": NAMES["default"],
    "COUNTER_DATABASE_URL": NAMES["counter"],
    "TILL_DATABASE_URL": NAMES["till"],
}


def copy_databases(postgres: Server, prefix: str) -> dict[str, str]:
    """Copy the kept databases, migrated and empty; return their names by variable."""
    copies = {variable: f"{prefix}_{name}" for variable, name in VARIABLES.items()}
    for variable, name in VARIABLES.items():
        postgres.run(f"DROP DATABASE IF EXISTS {copies[variable]}")
        postgres.run(f"CREATE DATABASE {copies[variable]} TEMPLATE {name}_empty")
    return copies


def found(
    folder: Path,
    addresses: dict[str, str],
    first_port: int,
    passphrase: str = "seven slow copper kettles",
) -> Path:
    """Found a newsroom on databases that are migrated already, named as in the environment."""
    wanted = Wanted("The Sheet", ("en",), four_origins(f"http://127.0.0.1:{first_port}"))
    with pytest.MonkeyPatch.context() as environment:
        for variable, address in addresses.items():
            environment.setenv(variable, address)
        newsroom._make(folder, wanted, passphrase)
    return folder
