"""`tamizdat work`."""

import logging
import os
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from tamizdat.lib import alerts, clock
from tamizdat.lib.newsroom import Newsroom, NewsroomError
from tamizdat.lib.processes import stopping
from tamizdat.lib.processes.only_one import RunsAlreadyError, only_one
from tamizdat.lib.worker_socket.server import Answer, WorkerSocket
from tamizdat.site.boot import boot
from tamizdat.site.founding.newsroom import keep_up
from tamizdat.site.saying import say

LOCK = "work.lock"
LEAVE_S = stopping.GRACE_S - 1  # for what is going on when we are told to stop

logger = logging.getLogger(__name__)


@click.command("work")
@click.option("--once", is_flag=True, help="Do one round and stop, with 1 if an alert stands.")
@click.pass_obj
def command(folder: Path | None, *, once: bool) -> int:
    """Do what needs no visitor, every minute and whenever it is woken.

    It collects what the counter took in, publishes what is due, hears the payment
    services and sends letters, each at the same time as the others. The reader key, once
    unlocked at the desk, lives in its memory only. There is one of a newsroom, and one more for a
    till on a machine of its own, where it only hears the payment services.

    Example: tamizdat work --once
    """
    newsroom = boot(folder, role=None)
    if newsroom.main_role == "counter":
        raise NewsroomError("A counter has nothing to work at: the desk's worker collects for it.")
    stopping.listen()
    try:
        with only_one(newsroom.data / LOCK):
            return _once(newsroom) if once else _until_stopped(newsroom)
    except RunsAlreadyError as error:
        raise NewsroomError(
            f"`tamizdat work` runs already for this newsroom ({error}). It does a round each "
            "minute; stop it first if you want to do one yourself."
        ) from None


def _once(newsroom: Newsroom) -> int:
    from tamizdat.site.processes.working import sweep

    keep_up(newsroom)
    _say_what_was_lost(newsroom)
    failed = sweep(clock.now()) or stopping.stopping()
    unseen = alerts.unreadable(newsroom.data)
    return 1 if failed or unseen or alerts.standing(newsroom.data) else 0


def _until_stopped(newsroom: Newsroom) -> int:
    from tamizdat.site.processes import beginning
    from tamizdat.site.processes.lanes import Lanes
    from tamizdat.site.processes.working import rooms

    lanes = Lanes(newsroom, rooms())
    with WorkerSocket(newsroom, _answers(newsroom), lanes.wake):
        if not beginning.begin(newsroom):
            return 0
        _say_what_was_lost(newsroom)
        with lanes:
            lanes.run()
            until = time.monotonic() + LEAVE_S
            _end_processes(newsroom)
            busy = lanes.stop(max(0.0, until - time.monotonic()))
    if busy:
        logger.warning(
            "Stopped in the middle of a round: %s. The next one begins with what is left.",
            ", ".join(busy),
        )
        os._exit(0)  # a thread that hangs would keep the process; its rows say how far it came
    return 0


def _answers(newsroom: Newsroom) -> Mapping[str, Answer]:
    if newsroom.main_role == "till":
        return {}  # there is no reader key that somebody could unlock
    from tamizdat.letters import keyring
    from tamizdat.readers.keys import founded_keys

    return keyring.answers(newsroom, founded_keys.must_open_ours)


def _end_processes(newsroom: Newsroom) -> None:
    """End what the press began, which only the desk's machine has."""
    if newsroom.main_role == "desk":
        from tamizdat.press.rerender import background

        background.end(LEAVE_S)


def _say_what_was_lost(newsroom: Newsroom) -> None:
    if newsroom.main_role != "desk":
        return  # only the desk holds readers and their key
    from tamizdat.site.databases import lost_parts

    lost_parts.say(partial(say, err=True), newsroom)
