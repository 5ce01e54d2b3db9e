"""`tamizdat webserver`."""

from pathlib import Path

import click

from tamizdat.site import webserver
from tamizdat.site.boot import boot


@click.command("webserver")
@click.argument("server", type=click.Choice(sorted(webserver.TEMPLATES)))
@click.option(
    "--port",
    type=click.IntRange(1, 65532),
    default=8000,
    show_default=True,
    help="The first of the four ports that `tamizdat serve` has.",
)
@click.pass_obj
def command(folder: Path | None, server: str, port: int) -> None:
    """Print a configuration of nginx or Caddy for this newsroom.

    It serves the edition from its files as the front does, and passes counter and till on.

    Example: tamizdat webserver caddy > /etc/caddy/Caddyfile
    """
    newsroom = boot(folder)
    click.echo(webserver.configuration(server, newsroom, port), nl=False)
