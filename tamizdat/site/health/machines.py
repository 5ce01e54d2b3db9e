"""Whether the other machines answer, where roles have machines of their own."""

import http.client
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings

from tamizdat.lib import clock
from tamizdat.lib.deadline import connection
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers.keys import unattended
from tamizdat.site.health.finding import Finding, good, wrong
from tamizdat.support import tokens
from tamizdat.support.call_keys import FILES, Caller
from tamizdat.support.till_client import RefusedError, Till, TillAwayError

PATIENCE_S = 5.0
OLD = unattended.IN_USE + timedelta(hours=1)  # a new key is published each hour


def answer(newsroom: Newsroom) -> Iterator[Finding]:
    """Ask those that this role needs, if they are elsewhere."""
    if settings.ROLE == "counter":
        yield from _desk_publishes()
    elif newsroom.is_elsewhere("till"):
        yield from _counter_answers(newsroom)
    if settings.ROLE == "counter" or newsroom.is_elsewhere("till"):
        yield from _till_answers(newsroom)


def _till_answers(newsroom: Newsroom) -> Iterator[Finding]:
    """Ask the till about a contribution that nobody made, with this machine's call key."""
    if not _has_a_till(newsroom):
        return
    caller = cast(Caller, settings.ROLE)
    at = newsroom.addresses.till
    try:
        Till.of(newsroom, caller, PATIENCE_S).show(tokens.fresh())
    except TillAwayError:
        away = wrong(
            f"the till does not answer at {at}",
            "See on its machine whether `tamizdat serve` and the web server before it run. Until "
            "then nobody can give or stop; receipts wait, and nothing that was given is lost.",
        )
        yield replace(away, partly=True)
    except RefusedError:
        yield wrong(
            "the till does not accept this machine's call key",
            f"Copy keys/{FILES[caller]} of the desk to this machine and to the till's. Until then "
            "nothing that needs the till can be done from here.",
        )
    else:
        yield good(f"the till answers at {at}")


def _has_a_till(newsroom: Newsroom) -> bool:
    """Say whether there has to be a till: where readers are asked, or it has a machine of its own.

    Who stops asking still has readers who give monthly, and want to stop.
    """
    is_asking = any(policy != "never" for policy in newsroom.support.ask.values())
    return is_asking or newsroom.is_elsewhere("till")


def _counter_answers(newsroom: Newsroom) -> Iterator[Finding]:
    """Ask the counter as a reader does."""
    at = newsroom.addresses.counter
    if _is_there(at):
        yield good(f"the counter answers at {at}")
    else:
        yield wrong(
            f"the counter does not answer at {at}",
            "See on its machine whether `tamizdat serve` and the web server before it run. Until "
            "then readers can send nothing; what they sent before is in its database.",
        )


def _is_there(address: str) -> bool:
    """Say whether the role itself answers, not only a web server before it."""
    try:
        with connection(urlsplit(address), PATIENCE_S) as line:
            line.request("HEAD", "/", headers={"Connection": "close"})
            return line.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False


def _desk_publishes() -> Iterator[Finding]:
    """Look how old the public key is that the desk published last."""
    from tamizdat.readers.counter import published

    said = published.read("keys")
    made = unattended.made(str(said["unattended"]["name"])) if said else None
    if said is None:
        yield wrong(
            "the desk has published nothing to this counter yet",
            "Start `tamizdat serve` at the desk, with the address of the counter's database, and "
            "give the counter its rights (docs/howto/counter-on-its-own.md).",
        )
    elif made is None or clock.now() - made > OLD:
        since = f"The newest public key is of {made:%Y-%m-%d %H:%M} UTC." if made else ""
        yield wrong(
            "the desk publishes nothing to this counter now",
            "See whether the desk's machine runs `tamizdat serve` and reaches the counter's "
            "database. What readers send is kept and sealed; after 49 hours it waits for the "
            "next unlock.",
            since,
        )
    else:
        yield good("the desk publishes to this counter")
