"""`tamizdat build`."""

import gc
import json
import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click

from tamizdat.lib.alerts import standing
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.processes import stopping
from tamizdat.lib.processes.parent_death import end_with_parent
from tamizdat.site.boot import boot, migrate
from tamizdat.site.broken_log import WhereNotWhat


@click.command("build")
@click.option("--full", is_flag=True, help="Print every page again, not only what changed.")
@click.option("--json", "as_json", is_flag=True, help="Say the result as JSON.")
@click.pass_obj
def command(folder: Path | None, *, full: bool, as_json: bool) -> int:
    """Publish what changed since the last edition.

    A page that cannot be printed holds up no other: it is named, and the exit code is 1.

    Example: tamizdat build --full --json
    """
    newsroom = boot(folder)
    stopping.listen()
    from django.db import connections

    from tamizdat.site.databases.lost_parts import refuse_lost_database

    refuse_lost_database(newsroom)
    connections.close_all()  # a child shares no connection with us
    _in_a_child(migrate)  # a newsroom that an older program founded
    gc.freeze()  # the program itself is no garbage, and need not be looked through again and again
    from tamizdat.press.actions import publish
    from tamizdat.site.commands.progress import bar

    with bar(shown=not as_json) as told:
        result = publish(full=full, on_progress=told)
    if as_json:
        said = asdict(result)
        said["edition"] = f"{said['edition']}/"
        click.echo(json.dumps(said, default=str))
    else:
        click.echo(
            f"Edition {result.number}: {result.written} files written, {result.removed} removed "
            f"in {result.seconds:.2f} s.\n{result.edition}/"
        )
    return _say_what_failed(newsroom) if result.failed else 0


def _say_what_failed(newsroom: Newsroom) -> int:
    """Name the pages that could not be printed, and return the exit code."""
    from tamizdat.press.build.failed_jobs import ALERT

    for alert in standing(newsroom.data):
        if alert.key.startswith(ALERT):
            click.echo(f"{alert.what}\n  {alert.explanation}\n  {alert.do}", err=True)
    return 1


def _in_a_child(work: Callable[[], None]) -> None:
    """Do something in a process of its own: what it reads is not to stay for all the build."""
    child = multiprocessing.get_context("fork").Process(target=_told, args=(work,))
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)


def _told(work: Callable[[], None]) -> None:
    """Say where it broke: multiprocessing would also say with what."""
    end_with_parent()
    try:
        work()
    except Exception as error:  # noqa: BLE001  the last door of this process
        click.echo(
            WhereNotWhat().formatException((type(error), error, error.__traceback__)), err=True
        )
        sys.exit(1)
