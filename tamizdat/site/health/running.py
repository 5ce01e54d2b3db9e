"""Whether the worker runs, and what it and the roles say of themselves."""

from collections.abc import Iterator

from django.conf import settings

from tamizdat.lib import alerts
from tamizdat.lib.locales.local_time import told
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.worker_socket import NobodyListensError, ask
from tamizdat.site.databases import lost_parts
from tamizdat.site.health.finding import Finding, good, wrong

STATUS = "status"  # a word that every worker hears
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
    names_all_keys = lost_parts.is_out_of_reach(newsroom.keys)
    for each in alerts.standing(newsroom.data):
        if names_all_keys and each.key.startswith("key-"):
            continue  # their folder is named
        since = f"Since {told(each.since, newsroom.time_zone)}. " if each.since else ""
        yield wrong(each.what, each.do, f"{since}{each.explanation}", about=f"alert {each.key}")
