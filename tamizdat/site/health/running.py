"""Whether the worker runs, and what it and the roles say of themselves."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from tamizdat.lib import alerts
from tamizdat.lib.locales.local_time import told
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.users import command, open_it, why_closed
from tamizdat.lib.worker_socket import NobodyListensError, ask
from tamizdat.site.databases import lost_parts
from tamizdat.site.health.finding import Finding, good, of, unseen, wrong

STATUS = "status"  # a word that every worker hears
ALERTS = "what fails now"  # the question about them
FALLS = "process-work"  # the alert of site/processes/supervisor.py
NOT_DONE = {
    "desk": "nothing is collected, sent or published on time",
    "till": "no renewal is booked, and what a payment left open stays open",
}


def works(newsroom: Newsroom) -> Iterator[Finding]:
    """Ask the worker whether it is there: with the desk, and with a till apart."""
    role = str(settings.ROLE)
    if role not in NOT_DONE or role != newsroom.main_role:
        return
    try:
        ask(newsroom, STATUS)
    except NobodyListensError:
        if not _is_said_to_fall(newsroom):
            yield wrong(
                "the worker does not run or does not answer",
                "Start `tamizdat serve` or `tamizdat work`. "
                f"Until then {NOT_DONE[role]}; nothing of it is lost.",
            )
    else:
        yield good("the worker runs")


def _is_said_to_fall(newsroom: Newsroom) -> bool:
    """Say whether `tamizdat serve` runs and an alert of it says why the worker does not."""
    return any(each.key == FALLS for each in alerts.standing(newsroom.data))


def alerts_that_stand(newsroom: Newsroom) -> Iterator[Finding]:
    """Say what the roles and the worker met and could not mend."""
    yield from _closed_alerts(newsroom)
    names_all_keys = lost_parts.is_out_of_reach(newsroom.keys)
    if names_all_keys:
        yield of(ALERTS, "keys", unseen("what the alerts say of single keys is not looked at"))
    for each in alerts.standing(newsroom.data):
        of_a_key = each.key.startswith("key-")
        if names_all_keys and of_a_key:
            continue  # their folder is named
        since = f"Since {told(each.since, newsroom.time_zone)}. " if each.since else ""
        found = wrong(each.what, each.do, f"{since}{each.explanation}", about=f"alert {each.key}")
        yield of(ALERTS, "keys", found) if of_a_key else found


def _closed_alerts(newsroom: Newsroom) -> Iterator[Finding]:
    """Name the alerts that cannot be read: nobody knows what they say."""
    for path in alerts.unreadable(newsroom.data):
        name = path.relative_to(newsroom.folder)
        if os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
            why, do = "It holds no alert.", f"Delete it: `{command(_removal(path), path)}`."
        else:
            why, do = why_closed(path), open_it(path, newsroom.data)
        closed = wrong(f"what {name} says of the newsroom cannot be read", do, why)
        yield replace(closed, partly=True)


def _removal(path: Path) -> str:
    return "rm -r" if path.is_dir() and not path.is_symlink() else "rm"
