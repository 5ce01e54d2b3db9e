"""`tamizdat doctor`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from tamizdat.lib import clock
from tamizdat.site.boot import boot


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
@click.pass_obj
def command(folder: Path | None, *, as_json: bool) -> int:
    """Say whether all is well, and what a seizure of each machine would reveal.

    Exits with 1 when something should be done.

    Example: tamizdat doctor --json
    """
    newsroom = boot(folder)
    from tamizdat.readers import seizure
    from tamizdat.site.health import examine

    findings = examine(newsroom)
    reveals = seizure.report(newsroom, clock.now())
    if as_json:
        said = {"findings": [asdict(each) for each in findings], "seizure": reveals}
        click.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    else:
        for each in findings:
            click.echo(f"{'ok  ' if each.well else 'DO  '} {each.what}")
            if each.do:
                click.echo(f"     {each.do}")
        click.echo("\nWhat a seizure would reveal, as things are now:\n")
        click.echo(_as_text(reveals))
    return 0 if all(each.well for each in findings) else 1


def _as_text(reveals: object) -> str:
    if isinstance(reveals, dict):
        return "\n".join(f"{machine}\n{_as_text(lines)}" for machine, lines in reveals.items())
    if isinstance(reveals, list | tuple):
        return "\n".join(f"  - {line}" for line in reveals)
    return f"  {reveals}"
