"""`tamizdat doctor`."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tamizdat.lib import clock
from tamizdat.lib import newsroom as newsrooms
from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.boot import boot
from tamizdat.site.saying import say

if TYPE_CHECKING:  # what a look needs is read when one begins, so that `--help` is quick
    from tamizdat.site.health.changes import Change
    from tamizdat.site.health.finding import Finding

ROLES = ("desk", "counter", "till")


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.option(
    "--role",
    type=click.Choice(ROLES),
    help="Whose machine this is, where a role has one of its own. [default: as the settings say]",
)
@click.option("--watch", is_flag=True, help="Go on, and say what begins and what is over.")
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    default=60,
    show_default=True,
    help="Seconds between two looks of --watch.",
)
@click.pass_obj
def command(
    folder: Path | None, role: str | None, every: int, *, as_json: bool, watch: bool
) -> int:
    """Say whether all is well, and what a seizure of this machine would reveal.

    At the desk that is said of the other machines, too, as far as it is known there.

    Exits with 1 when something should be done.

    Example: tamizdat doctor --json
    """
    if watch:
        _watch(newsrooms.find(folder), role, every, as_json=as_json)
    newsroom = boot(folder, role)
    from django.conf import settings

    from tamizdat.site.databases.settings import make_no_file
    from tamizdat.site.health import examine, unanswered

    make_no_file(settings.DATABASES)

    findings = examine(newsroom)
    reveals = _reveals(newsroom)
    if as_json:
        said: dict[str, Any] = {"findings": [asdict(each) for each in findings]}
        said |= {"unanswered": unanswered(findings), "seizure": reveals}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    else:
        for each in findings:
            click.echo(f"{_mark(each)} {each.what}")
            for more in filter(None, (each.why, each.do)):
                click.echo(f"     {more}")
        if reveals:
            click.echo("\nWhat a seizure would reveal, as things are now:\n")
            click.echo(_as_text(reveals))
    return 0 if all(each.well for each in findings) else 1


def _mark(finding: "Finding") -> str:
    if not finding.well:
        return "DO  "
    return "?   " if finding.partly else "ok  "


def _reveals(newsroom: Newsroom) -> dict[str, Any]:
    from tamizdat.readers import holdings
    from tamizdat.readers.privacy import seizure
    from tamizdat.support import holdings as of_support

    holdings.register_holdings()  # also of keys that should not lie on this machine
    of_support.register_holdings()
    try:
        return dict(seizure.report(newsroom, clock.now()))
    except Exception as error:  # noqa: BLE001  whatever is broken, the findings are said
        return {"all machines": [f"It could not be looked at: {where(error)}."]}


def _watch(folder: Path, role: str | None, every: int, *, as_json: bool) -> None:
    """Say what begins and what is over, a line each, until stopped."""
    from tamizdat.site.health.changes import changes, look

    before: list[Finding] = []
    while True:
        now = look(folder, role, before)
        for change in changes(before, now):
            said = _said(change)
            line = json.dumps(said, ensure_ascii=False) if as_json else _as_line(said)
            say(line, to_a_reader=True)
        before = now
        time.sleep(every)


def _said(change: "Change") -> dict[str, str]:
    found, at = change.finding, clock.now().isoformat(timespec="seconds")
    if change.begins:
        return {"at": at, "state": "DO", "what": found.what, "why": found.why, "do": found.do}
    return {"at": at, "state": "ok", "what": found.what, "why": "", "do": ""}


def _as_line(said: dict[str, str]) -> str:
    state = "DO  " if said["state"] == "DO" else "over"
    parts: Sequence[str] = [said[name] for name in ("what", "why", "do") if said[name]]
    return f"{said['at']} {state} {' | '.join(parts)}"


def _as_text(reveals: object) -> str:
    if isinstance(reveals, dict):
        return "\n".join(f"{machine}\n{_as_text(lines)}" for machine, lines in reveals.items())
    if isinstance(reveals, list | tuple):
        return "\n".join(f"  - {line}" for line in reveals)
    return f"  {reveals}"
