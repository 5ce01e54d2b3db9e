"""Deliver what is due. No other package opens an address (import-linter holds it).

An address is open from here to the transport's door, in local variables, and nowhere else: in no
row, no log, no error. What an unattended key opens goes out at once. All else waits until the
reader key is unlocked.
"""

from datetime import datetime

from django.conf import settings

from tamizdat.letters import outbox
from tamizdat.letters.alerts import delivery_alerts
from tamizdat.letters.delivery import noting, relay_pauses
from tamizdat.letters.delivery.round_keys import round_keys
from tamizdat.letters.delivery.rounds import AT_ONCE, Round
from tamizdat.letters.outbox.single_sender import Turn, single_sender
from tamizdat.letters.providers.base import Transport
from tamizdat.letters.providers.choosing import transport
from tamizdat.letters.providers.smtp import RelayError
from tamizdat.lib.alerts import Alert
from tamizdat.lib.each_alone import EachAlone
from tamizdat.lib.newsroom import Newsroom

__all__ = ["AT_ONCE", "deliver_due"]
ABANDONED = Alert(
    "letters-abandoned",
    "What became of {failed} letters that were in hand at a crash could not be looked into.",
    "",
    "They wait alone, and it is tried again every minute. If it stays so, report the cause.",
)


def deliver_due(at: datetime) -> int:
    """Hand over what is due, at most 500 letters, and return how many were dealt with.

    It first looks into what a crash left. If another process of this machine is sending, it
    leaves everything to that one and returns 0; so it does while the relay takes nothing, until
    its pause is over. Once this process is told to stop, it ends before the next letter.
    """
    newsroom: Newsroom = settings.NEWSROOM
    with single_sender(newsroom.data) as turn:
        if turn is None:
            return 0
        try:
            chosen = transport(newsroom)
        except RelayError:
            delivery_alerts.no_address(newsroom.data, at)
            return 0
        with chosen:
            _put_right(chosen, turn, at)
            notes = relay_pauses.read(newsroom.data, chosen.name)
            if notes.is_paused(at):
                return 0
            with round_keys(newsroom) as unlocked:
                return Round(chosen, unlocked, notes, at).carry_out()


def _put_right(chosen: Transport, turn: Turn, at: datetime) -> None:
    """Note the results that are known, then resolve the letters that a crash left."""
    noting.note_what_is_known()
    outbox.put_right(at)
    outbox.forget_message_ids(at)
    tried = EachAlone()
    for letter in outbox.abandoned(turn, at):
        if not noting.is_known(letter.pk):
            with tried.one(letter.pk):
                outbox.resolve(letter, chosen.evidence(letter.message_id), at)
    if not tried.failed:
        turn.note()
    tried.tell(settings.NEWSROOM.data, ABANDONED, at)
