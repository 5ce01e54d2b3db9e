"""Whether the worker runs, and what it and the roles say of themselves."""

from collections.abc import Iterator

from tamizdat.letters import keyring
from tamizdat.lib import alerts
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.wake import NobodyListensError, ask
from tamizdat.site.health.finding import Finding, good, wrong


def works(newsroom: Newsroom) -> Iterator[Finding]:
    """Ask the worker whether it is there."""
    try:
        ask(newsroom, keyring.STATUS)
    except NobodyListensError:
        yield wrong(
            "the worker does not run or does not answer",
            "Start `tamizdat serve` or `tamizdat work`. Until then nothing is collected, sent or "
            "published on time; nothing of it is lost.",
        )
    else:
        yield good("the worker runs")


def alerts_that_stand(newsroom: Newsroom) -> Iterator[Finding]:
    """Say what the roles and the worker met and could not mend."""
    for each in alerts.standing(newsroom.data):
        since = f"Since {each.since:%Y-%m-%d %H:%M} UTC. " if each.since else ""
        yield wrong(each.what, each.do, f"{since}{each.why}")
