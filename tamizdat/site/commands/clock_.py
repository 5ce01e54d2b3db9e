"""`tamizdat clock`."""

import re
from datetime import timedelta
from pathlib import Path

import click

from tamizdat.lib import clock, leaps
from tamizdat.site.boot import boot

UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@click.command("clock")
@click.option("--forward", help="How far: 12h, 40d or 3w.")
@click.option("--accept", is_flag=True, help="Say that the machine's clock is right now.")
@click.pass_obj
def command(folder: Path | None, forward: str | None, *, accept: bool) -> None:
    """Show the newsroom's clock, accept the machine's, or move a demonstration's forward.

    After a leap of the machine's clock the newsroom goes on by the time before it, until the
    clock is put right or accepted. A demonstration's clock can be moved: renewals, reminders and
    scheduled articles then happen as if the time had passed.

    Example: tamizdat clock --forward 40d
    """
    span = None if forward is None else _span(forward)
    newsroom = boot(folder, role=None)
    if accept:
        leaps.accept(newsroom.data)
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
