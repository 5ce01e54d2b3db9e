"""`tamizdat work`."""

from functools import partial
from pathlib import Path
from threading import Event

import click

from tamizdat.lib import clock, leaps
from tamizdat.site.boot import boot
from tamizdat.site.founding import keep_up

EVERY_S = 60


@click.command("work")
@click.option("--once", is_flag=True, help="Do one round and stop.")
@click.pass_obj
def command(folder: Path | None, *, once: bool) -> int:
    """Do what needs no visitor, every minute and whenever it is woken.

    It collects what the counter took in, publishes what is due, hears the payment
    services and sends letters. The reader key, once unlocked at the desk, lives in its
    memory only.

    Example: tamizdat work --once
    """
    newsroom = boot(folder)
    keep_up(newsroom)
    from tamizdat.site import lost_parts
    from tamizdat.site.working import sweep

    lost_parts.say(partial(click.echo, err=True), newsroom)

    leaps.keep(newsroom.data)
    if once:
        return 1 if sweep(clock.now()) else 0
    from tamizdat.letters import keyring
    from tamizdat.lib.wake import Wakes

    woken = Event()
    with Wakes(newsroom, keyring.answers(newsroom), lambda _word: woken.set()):
        while True:
            sweep(clock.now())
            woken.wait(EVERY_S)
            woken.clear()
            leaps.keep(newsroom.data)
