"""Whether the databases answer, and whether they are what this program needs."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tamizdat.lib.failures import cause
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.databases import HOLDERS
from tamizdat.site.health.finding import Finding, good, wrong

NAMES = {"default": "desk"}


def answer() -> bool:
    """Return whether every database of this role answers."""
    return all(_silence(alias) is None for alias in _ours())


def that_do_not_answer(_newsroom: Newsroom) -> Iterator[Finding]:
    """Ask each database for nothing."""
    for alias in _ours():
        name = NAMES.get(alias, alias)
        if (error := _silence(alias)) is not None:
            yield wrong(
                f"the {name}'s database does not answer",
                "Start it, or correct its address. What readers and editors sent is kept by it; "
                "every role goes on by itself once it answers.",
                cause(error),
            )


def are_up_to_date(_newsroom: Newsroom) -> Iterator[Finding]:
    """Compare each database with the program's migrations.

    A counter may not read what version its database has.
    """
    for alias in _ours():
        if settings.ROLE != "counter" and _silence(alias) is None:
            yield _version(alias, NAMES.get(alias, alias))


def _ours() -> list[str]:
    return [alias for alias in settings.DATABASES if alias in HOLDERS or settings.ROLE == "desk"]


def _silence(alias: str) -> Exception | None:
    """Return why a database does not answer; None if it does."""
    connection = connections[alias]
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception as error:  # noqa: BLE001  whatever keeps it from answering
        if not connection.in_atomic_block:
            connection.close()
        return error
    return None


def _version(alias: str, name: str) -> Finding:
    executor = MigrationExecutor(connections[alias])
    leaves = executor.loader.graph.leaf_nodes()
    own = [leaf for leaf in leaves if HOLDERS.get(leaf[0], "default") == alias]
    if executor.migration_plan(own):
        return wrong(
            f"the {name}'s database is behind this program",
            "Start `tamizdat serve` (or `tamizdat work`) again, which brings it up to date.",
        )
    return good(f"the {name}'s database is up to date")
