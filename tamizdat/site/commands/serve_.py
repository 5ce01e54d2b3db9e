"""`tamizdat serve`."""

from pathlib import Path

import click

from tamizdat.lib.newsroom import find
from tamizdat.lib.newsroom.last_settings import load_or_last
from tamizdat.lib.processes import stopping
from tamizdat.site.commands.serving_options import serving_options
from tamizdat.site.file_modes import tighten
from tamizdat.site.owner import refuse_root
from tamizdat.site.processes import serving, supervisor
from tamizdat.site.saying import say


@click.command("serve")
@serving_options
@click.pass_obj
def command(folder: Path | None, host: str, port: int | None, roles: tuple[str, ...]) -> int:
    """Serve the newsroom until stopped with Ctrl+C or SIGTERM.

    What falls or hangs is started again, and stops nothing else.

    Example: tamizdat serve --role edition --role counter --port 8000
    """
    stopping.listen()  # at once: a container passes over a signal for which nobody listens
    found = find(folder)
    refuse_root(found)
    newsroom = load_or_last(found)
    kept = serving.processes(newsroom, roles, host=host, port=port)
    tighten(newsroom.folder)
    for process in kept:
        if process.port:
            listens = f" on {process.host}:{process.port}" if port else ""
            say(f"{process.name:8} {getattr(newsroom.addresses, process.name)}{listens}")
    return supervisor.watch(kept, newsroom)
