"""`tamizdat clock`."""

import re
from datetime import timedelta
from pathlib import Path

import click

from tamizdat.lib import clock
from tamizdat.site.boot import boot

UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@click.command("clock")
@click.option("--forward", help="How far: 12h, 40d or 3w.")
@click.pass_obj
def command(folder: Path | None, forward: str | None) -> None:
    """Show a demonstration newsroom's clock, or move it forward.

    Renewals, reminders and scheduled articles then happen as if the time had passed.

    Example: tamizdat clock --forward 40d
    """
    span = None if forward is None else _span(forward)
    newsroom = boot(folder)
    if span is not None:
        if not newsroom.demonstration:
            raise click.ClickException(
                "Only a demonstration newsroom's clock can be moved. Real readers wait."
            )
        clock.move(span)
    click.echo(f"{clock.now():%Y-%m-%d %H:%M} UTC")


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,4})([hdw])", text)
    if not found:
        raise click.BadParameter(
            f"{text!r} is no span of time; say 12h, 40d or 3w", param_hint="--forward"
        )
    return timedelta(**{UNITS[found[2]]: int(found[1])})
