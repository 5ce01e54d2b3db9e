"""One round of handing letters over: what becomes of each, and when the round ends.

It ends at the first connection that fails: whoever was not tried stays as they were. A "no" is put
down to the letter only if others get through, in this round or lately; several in a row are put
down to the relay, to the issue or to the reader key, and cost nobody a letter.
"""

import logging
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from tamizdat.letters import confirmations, keyring, outbox
from tamizdat.letters.alerts import delivery_alerts
from tamizdat.letters.delivery import messages, relay_pauses
from tamizdat.letters.delivery.messages import ForgedError
from tamizdat.letters.delivery.noting import UnnotedError, note
from tamizdat.letters.delivery.relay_pauses import RelayNotes
from tamizdat.letters.delivery.round_keys import RoundKeys
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.providers.base import (
    About,
    AwayError,
    BrokenError,
    DeferredError,
    DoubtError,
    Message,
    RefusedError,
    StoppedError,
    Transport,
    TransportError,
)
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.processes.stopping import stopping
from tamizdat.readers import actions
from tamizdat.readers.sealing import AddressError
from tamizdat.readers.sealing.opening import OpeningError

AT_ONCE = 500  # letters of one round, so that answers need not wait for a whole issue
READER, US, SEAL = "reader", "us", "seal"
IN_A_ROW = {READER: 10}  # old lists hold many dead mailboxes
FEW_IN_A_ROW = 3  # of all else
NO_ADDRESS = "they went to what no form takes as an address"
State = Letter.State
log = logging.getLogger(__name__)


class _NotOursError(Exception):
    """Another process took the letter meanwhile: it took ours for abandoned."""


@dataclass(frozen=True, slots=True)
class _No:
    """A letter that was not taken, while it is open whose fault that is."""

    letter: Letter
    whose: str | int  # READER, US, SEAL, or an issue
    error: TransportError


class Round:
    """Hands over what is due, letter by letter."""

    def __init__(
        self,
        transport: Transport,
        unlocked: RoundKeys,
        notes: RelayNotes,
        at: datetime,
    ) -> None:
        self._transport, self._unlocked, self._notes = transport, unlocked, notes
        self._data = unlocked.newsroom.data
        self._at, self._began = at, time.monotonic()
        self._is_over = self._took = False
        self._seals_open = unlocked.reader is not None
        self._noes: list[_No] = []
        self._last_no = ""
        self._written: set[str] = set()
        self._unwritten: Counter[str] = Counter()
        self._forged = 0

    def carry_out(self) -> int:
        """Hand over at most 500 letters and return how many were dealt with."""
        done = 0
        while done < AT_ONCE and not self._ends() and (letter := self._next()):
            self._deal_with(letter)
            done += 1
        self._put_down(self._noes)
        if self._forged:
            log.warning("%s letters were not written: %s", self._forged, NO_ADDRESS)
        for kind in self._written:
            if self._unwritten[kind] < FEW_IN_A_ROW:
                delivery_alerts.kind_written(self._data, kind)
        if self._last_no and not self._took and not self._is_over:
            delivery_alerts.relay_is_away(self._data, self._transport.name, self._last_no, self._at)
        if not done and not self._ends():
            self._ask_again()
        return done

    def _ask_again(self) -> None:
        """Find out whether a relay works again to which no letter will show it."""
        if not delivery_alerts.says_relay_is_away(self._data):
            return
        if outbox.any_waits(unattended_only=not self._seals_open):
            return
        try:
            self._transport.check(self._unlocked.newsroom.mail.from_address)
        except StoppedError:
            return
        except TransportError as error:
            self._fail(error)
        else:
            self._keep(self._notes.answered())
            delivery_alerts.relay_works(self._data)

    def _now(self) -> datetime:
        """Return the time: it goes on in a round, and a clock that is put right does not matter."""
        return self._at + timedelta(seconds=time.monotonic() - self._began)

    def _ends(self) -> bool:
        locked = self._unlocked.reader is not None and keyring.unlocked_until() is None
        return self._is_over or locked or stopping()

    def _next(self) -> Letter | None:
        return outbox.take_next(
            self._at,
            unattended_only=not self._seals_open,
            without=self._notes.waiting_issues(self._at),
            now=self._now(),
        )

    def _deal_with(self, letter: Letter) -> None:
        """Write a letter and hand it over. Whatever goes wrong with it stops no other.

        Raises:
            django.db.Error: the database is lost.
        """
        try:
            if message := self._message(letter):
                self._written.add(letter.kind)
                self._hand_over(letter, message)
        except _NotOursError:
            return
        except UnnotedError as error:
            delivery_alerts.unnoted(self._data, letter.pk, letter.kind, error, self._at)
        except Exception as error:
            if trouble(error):
                raise
            self._cannot_write(letter, error)

    def _message(self, letter: Letter) -> Message | None:
        """Write a letter; None, and the letter is dealt with, where it can go to nobody now."""
        try:
            message = messages.message(letter, self._unlocked, self._at)
        except OpeningError:
            self._does_not_open(letter)
        except ForgedError:
            self._is_forged(letter)
        except AddressError:
            self._settle(letter, State.REFUSED)
        else:
            if message is None:
                self._settle(letter, State.SUPPRESSED)
            return message
        return None

    def _hand_over(self, letter: Letter, message: Message) -> None:
        try:
            self._transport.hand_over(message, partial(self._leave, letter))
        except AwayError as error:
            outbox.release(letter)
            self._fail(error)
        except BrokenError as error:
            self._settle(letter, State.DEFERRED, error.code, gives_up=self._others_go(letter))
            self._fail(error)
        except DoubtError as error:
            self._settle(letter, State.IN_DOUBT, error.code)
            self._fail(error)
        except StoppedError:
            outbox.release(letter)
        except DeferredError as error:
            self._deferred(letter, error)
        except RefusedError as error:
            self._no(letter, READER, error)
        else:
            self._taken(letter)

    def _leave(self, letter: Letter) -> None:
        """Note that the letter may be gone from here on, if it is still ours."""
        if not outbox.leave(letter, self._now()):
            raise _NotOursError

    def _taken(self, letter: Letter) -> None:
        """The relay has it. So what it said of others meanwhile was said of them alone."""
        self._settle(letter, State.HANDED_OVER)
        if not self._took:
            self._took = True
            self._keep(self._notes.worked(self._at.date()))
            delivery_alerts.relay_works(self._data)
        proven: set[str | int] = {READER, US}
        if letter.copy_id is None:
            proven.add(SEAL)
            delivery_alerts.key_opens(self._data)
        if letter.kind == "issue" and letter.issue_id is not None:
            proven.add(letter.issue_id)
            self._issue_works(letter.issue_id)
        self._put_down([no for no in self._noes if no.whose in proven])

    def _deferred(self, letter: Letter, error: DeferredError) -> None:
        if error.about is About.READER:
            self._settle(letter, State.DEFERRED, error.code)
        elif error.about is About.CONTENT and letter.kind == "issue" and letter.issue_id:
            self._no(letter, letter.issue_id, error)
        else:
            self._no(letter, US, error)

    def _does_not_open(self, letter: Letter) -> None:
        if letter.copy_id is not None:
            outbox.cannot_open(letter, self._at)
        else:
            self._no(letter, SEAL, TransportError("sealed"))

    def _is_forged(self, letter: Letter) -> None:
        """Forget a letter for which no reader asked, with the sign-up that it is about."""
        self._forged += 1
        if letter.kind == confirmations.KIND:
            actions.forget_sign_up(UUID(letter.about))
        else:
            self._settle(letter, State.SUPPRESSED)

    def _no(self, letter: Letter, whose: str | int, error: TransportError) -> None:
        """Keep in mind that a letter was not taken. One too many is no letter's fault."""
        self._noes.append(_No(letter, whose, error))
        alike = [no for no in self._noes if no.whose == whose]
        if len(alike) < IN_A_ROW.get(str(whose), FEW_IN_A_ROW):
            return
        if isinstance(whose, int):
            self._let_go(alike)
            self._keep(self._notes.issue_failed(whose, self._now()))
            issue = Issue.objects.get(pk=whose)
            delivery_alerts.issue_refused(self._data, issue, error.why, self._at)
        elif whose == SEAL:
            self._let_go(alike)
            self._seals_open = False
            delivery_alerts.key_opens_nothing(self._data, self._at)
        else:
            self._let_go([no for no in self._noes if no.whose in (READER, US)])
            self._fail(error)

    def _let_go(self, refusals: list[_No]) -> None:
        for no in refusals:
            outbox.release(no.letter)
            self._noes.remove(no)

    def _put_down(self, refusals: list[_No]) -> None:
        """Put each "no" down to its own letter, unless the relay may say it to everybody."""
        for no in list(refusals):
            self._noes.remove(no)
            if no.whose == SEAL or (no.whose == READER and self._relay_works()):
                self._settle(no.letter, State.REFUSED, no.error.code)
            else:
                others_go = no.whose != READER and self._others_go(no.letter)
                self._settle(no.letter, State.DEFERRED, no.error.code, gives_up=others_go)
                if no.whose == US or _few_wait():
                    self._last_no = no.error.why

    def _relay_works(self) -> bool:
        """Say whether anybody got a letter in this round, today or yesterday."""
        return self._took or self._notes.takes_letters(self._at.date())

    def _others_go(self, letter: Letter) -> bool:
        """Say whether others like this letter get through, so that what keeps it is its own."""
        if letter.kind != "issue":
            return self._relay_works()
        return Letter.objects.filter(issue=letter.issue_id, state=State.HANDED_OVER).exists()

    def _fail(self, error: TransportError) -> None:
        """End the round: nobody else is tried, until the relay's pause is over."""
        self._is_over = True
        self._keep(self._notes.failed(self._now()))
        delivery_alerts.relay_is_away(self._data, self._transport.name, error.why, self._at)

    def _issue_works(self, issue: int) -> None:
        if issue in self._notes.issues:
            self._keep(self._notes.issue_worked(issue))
            delivery_alerts.issue_works(self._data, issue)

    def _cannot_write(self, letter: Letter, error: Exception) -> None:
        """Let a letter wait that cannot be made. That is our fault: it is never given up."""
        self._settle(letter, State.DEFERRED, gives_up=False)
        self._unwritten[letter.kind] += 1
        if self._unwritten[letter.kind] < FEW_IN_A_ROW:
            delivery_alerts.unwritten(self._data, letter.pk, letter.kind, error, self._at)
        else:
            delivery_alerts.kind_unwritten(self._data, letter.kind, error, self._at)

    def _keep(self, notes: RelayNotes) -> None:
        self._notes = notes
        relay_pauses.write(self._data, self._transport.name, notes)

    def _settle(
        self, letter: Letter, state: Letter.State, code: str = "", *, gives_up: bool = True
    ) -> None:
        settle = partial(outbox.settle, letter, state, self._at, code[:16], gives_up=gives_up)
        note(letter.pk, settle)


def _few_wait() -> bool:
    """Say whether so many letters wait that it is hardly a matter of single readers."""
    return Letter.objects.filter(state=State.DEFERRED).count() >= FEW_IN_A_ROW
