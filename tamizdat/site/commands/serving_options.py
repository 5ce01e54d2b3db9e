"""The options that say what is served, for `tamizdat serve` and for the unit that runs it."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from tamizdat.site.processes import serving

Command = TypeVar("Command", bound=Callable[..., Any])


def serving_options(command: Command) -> Command:
    """Give a command --host, --port and --role (as `roles`)."""
    host = click.option(
        "--host", default="127.0.0.1", show_default=True, help="The address to listen on."
    )
    port = click.option("--port", type=click.IntRange(1, 65532), help="The first of four ports.")
    role = click.option(
        "--role",
        "roles",
        multiple=True,
        type=click.Choice(serving.ROLES),
        help="Serve only this role; may be said again. [default: all whose databases are here]",
    )
    return host(port(role(command)))
