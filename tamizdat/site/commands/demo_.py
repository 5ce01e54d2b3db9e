"""`tamizdat demo`."""

import os
from pathlib import Path

import click

from tamizdat.lib.newsroom import load
from tamizdat.site.databases.settings import VARIABLES
from tamizdat.site.demo import making
from tamizdat.site.owner import refuse_root
from tamizdat.site.processes import serving, supervisor
from tamizdat.site.saying import say

SIGNS = {
    "edition": "what readers read",
    "counter": "where their forms go: opened from the pages",
    "desk": "where it is written",
    "till": "where they pay, with pretend cards: opened from the counter",
}


@click.command("demo")
@click.argument("port", type=click.IntRange(1024, 65532), default=8000)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("demo"),
    show_default=True,
    help="Where the demonstration newsroom is kept.",
)
@click.option("--prepare", is_flag=True, help="Make it and stop; don't serve.")
def command(port: int, folder: Path, *, prepare: bool) -> int:
    """Make the demonstration newsroom, publish it and serve its four roles.

    They listen on PORT to PORT+3, on this machine only.

    Example: tamizdat demo 8000
    """
    folder = folder.resolve()
    refuse_root(folder)
    say(f"The demonstration newsroom, in {folder}")
    if named := [name for name in VARIABLES.values() if os.environ.get(name)]:
        say(f"{named[0]} is not heeded: a demonstration has databases of its own.", err=True)
    making.prepare(folder, port)
    newsroom = load(folder)
    if prepare:
        return 0
    kept = serving.processes(newsroom, host="127.0.0.1", port=None, upkeep=False)
    return supervisor.watch(kept, newsroom, ready=lambda: _say_where(folder))


def _say_where(folder: Path) -> None:
    newsroom = load(folder)
    say(f"\n{newsroom.name} is open.\n")
    for role, sign in SIGNS.items():
        say(f"  {role:8} {getattr(newsroom.addresses, role):24} {sign}")
    address, password = making.EDITOR
    say(f"\n  mailbox  {newsroom.addresses.desk}/mailbox/   every letter that is sent")
    say(f"\n  Sign in at the desk as {address} with the password: {password}")
    say(f"  Passphrase of the reader key: {making.PASSPHRASE}")
    say("\nAll of it is invented. Stop it with Ctrl+C.")
