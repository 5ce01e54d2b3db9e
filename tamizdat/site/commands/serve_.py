"""`tamizdat serve`."""

from collections.abc import Sequence
from pathlib import Path

import click

from tamizdat.lib.last_settings import load_or_last
from tamizdat.lib.newsroom import Newsroom, find
from tamizdat.site import serving
from tamizdat.site.boot import boot
from tamizdat.site.file_modes import tighten

NOT_NOW = (
    "The desk's database does not answer, or cannot be written. The edition is served meanwhile; "
    "the rest begins by itself as soon as it can."
)


@click.command("serve")
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
def command(folder: Path | None, host: str, port: int | None, roles: tuple[str, ...]) -> int:
    """Serve the newsroom until stopped with Ctrl+C.

    Example: tamizdat serve --role edition --role counter --port 8000
    """
    newsroom = _kept_up(folder, roles)
    kept = serving.posts(newsroom, roles or serving.ROLES, host=host, port=port, work=not roles)
    for post in kept:
        if post.name in serving.ROLES:
            listens = f" on {post.host}:{post.port}" if port else ""
            click.echo(f"{post.name:8} {getattr(newsroom.addresses, post.name)}{listens}")
    return serving.watch(kept)


def _kept_up(folder: Path | None, roles: Sequence[str]) -> Newsroom:
    """Bring the databases up to date where the desk is served. The other roles wait for it."""
    if roles and "desk" not in roles:
        newsroom = load_or_last(find(folder))
        tighten(newsroom.folder)
        return newsroom
    newsroom = boot(folder)
    from django.db import Error

    from tamizdat.site.database_trouble import trouble
    from tamizdat.site.founding import keep_up

    try:
        keep_up(newsroom)
    except Error as error:
        if not trouble(error):
            raise
        click.echo(NOT_NOW, err=True)
    return newsroom
