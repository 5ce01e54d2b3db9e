"""`tamizdat webserver`."""

from pathlib import Path

import click

from tamizdat.lib.newsroom import find, load
from tamizdat.site import webserver
from tamizdat.site.processes import serving


@click.command("webserver")
@click.argument("server", type=click.Choice(sorted(webserver.TEMPLATES)))
@click.option(
    "--port",
    type=click.IntRange(1, 65532),
    default=8000,
    show_default=True,
    help="The first of the four ports that `tamizdat serve` has.",
)
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(webserver.PUBLIC),
    help="Print only this role's site; may be said again. [default: all that are served here]",
)
@click.pass_obj
def command(folder: Path | None, server: str, port: int, roles: tuple[str, ...]) -> None:
    """Print a configuration of nginx or Caddy for this newsroom.

    It serves the edition from its files as the front does, and passes counter and till on.

    Example: tamizdat webserver caddy --role edition > /etc/caddy/Caddyfile
    """
    newsroom = load(find(folder))
    chosen = serving.served(newsroom, roles)
    click.echo(webserver.configuration(server, newsroom, port, chosen), nl=False)
