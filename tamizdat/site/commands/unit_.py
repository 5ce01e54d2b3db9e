"""`tamizdat unit`."""

from pathlib import Path

import click

from tamizdat.lib.newsroom import find, load
from tamizdat.site import serving
from tamizdat.site.unit import unit


@click.command("unit")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65532), help="The first of four ports.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(serving.ROLES),
    help="Serve only this role; may be said again. [default: all four, and the worker]",
)
@click.pass_obj
def command(folder: Path | None, host: str, port: int | None, roles: tuple[str, ...]) -> None:
    """Print a unit with which systemd serves this newsroom, as `tamizdat serve` does.

    It writes to the newsroom's folder only, and has no right that it does not need.

    Example: tamizdat unit --port 8000 > /etc/systemd/system/tamizdat.service
    """
    click.echo(unit(load(find(folder)), roles, host=host, port=port), nl=False)
