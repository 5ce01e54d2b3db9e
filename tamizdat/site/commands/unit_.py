"""`tamizdat unit`."""

from pathlib import Path

import click

from tamizdat.lib.newsroom import find, load
from tamizdat.site.commands.serving_options import serving_options
from tamizdat.site.unit import unit


@click.command("unit")
@serving_options
@click.pass_obj
def command(folder: Path | None, host: str, port: int | None, roles: tuple[str, ...]) -> None:
    """Print a unit with which systemd serves this newsroom, as `tamizdat serve` does.

    It writes to the newsroom's folder only, and has no right that it does not need.

    Example: tamizdat unit --port 8000 > /etc/systemd/system/tamizdat.service
    """
    click.echo(unit(load(find(folder)), roles, host=host, port=port), nl=False)
