"""The way of a payment: look, check, write, charge, write down what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.conf import settings

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.newsroom.last_settings import load_or_last
from tamizdat.support.providers.base import (
    NeedsAction,
    Order,
    Outcome,
    Provider,
    ProviderError,
    UnknownError,
)
from tamizdat.support.providers.chosen import provider
from tamizdat.support.safety import refusal
from tamizdat.support.till import actions, sealed
from tamizdat.support.till.actions import Checked
from tamizdat.support.till.closed import closed
from tamizdat.support.till.drafts import Draft
from tamizdat.support.till.models import Contribution
from tamizdat.support.till.states import GIVEN, NOTHING_CAME

Ending = Literal["given", "refused", "declined", "question", "unsure", "away", "mistyped"]
"""How an attempt ended. "unsure": it may have been charged; "away" and "mistyped": surely not."""


@dataclass(frozen=True, slots=True)
class AttemptOutcome:
    """The end of an attempt, with what the next page needs."""

    ending: Ending
    reason: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Checkout:
    """The service we pay with, and what this newsroom has decided."""

    provider: Provider
    newsroom: Newsroom

    def attempt(self, draft: Draft, method_token: str, at: datetime) -> AttemptOutcome:
        """Charge a draft with what `method_token` stands for, and return how it ended.

        Until the card is known to be safe nothing is written and no bank is reached. A
        refusal counts, closes the draft, and leaves nothing else. A mistyped number is none.
        """
        if not closed.may_look(draft, at):
            return AttemptOutcome("declined", reason="unknown")
        try:
            instrument = self.provider.inspect(method_token)
        except UnknownError:
            return AttemptOutcome("mistyped")
        except ProviderError:
            return AttemptOutcome("away")
        why = refusal(instrument, self.newsroom.support.refused_countries)
        if why is not None:
            closed.close(draft, at)
            actions.refuse(why, at)
            return AttemptOutcome("refused")
        country = (instrument.country or "").upper()
        return self._charge_once(Checked(draft, country, self.provider.name), method_token, at)

    def _charge_once(self, checked: Checked, method_token: str, at: datetime) -> AttemptOutcome:
        """Charge, unless a card of another country is at it: one attempt has one country.

        Another card of the same country is stopped by the service, which binds the key to the
        card that came first. So nothing that could identify a card has to be kept here.
        """
        contribution = actions.open_attempt(checked, at)
        if contribution is None:
            return AttemptOutcome("declined", reason="unknown")
        if contribution.state in GIVEN:
            return AttemptOutcome("given")
        if contribution.country != checked.country:
            contribution = self.refresh(contribution)
            return outcome_of(contribution.state, contribution.reason)
        return self._charge(checked.draft, contribution.key, method_token)

    def _charge(self, draft: Draft, key: str, method_token: str) -> AttemptOutcome:
        """Start the charge, or start it again: the same key charges once."""
        addresses, keys = self.newsroom.addresses, self.newsroom.keys
        back = f"{addresses.till}/return/{sealed.seal(draft, 'return', keys)}"
        order = Order(draft.money, draft.interval, back)
        try:
            outcome = self.provider.start(order, method_token, key)
        except ProviderError as error:
            return self._after_error(key, error)
        return self._end(outcome)

    def _end(self, outcome: Outcome) -> AttemptOutcome:
        actions.apply_snapshot(self.provider.name, outcome.snapshot)
        if isinstance(outcome, NeedsAction):
            return AttemptOutcome("question", address=outcome.address)
        return outcome_of(outcome.snapshot.status, outcome.snapshot.reason or "")

    def _after_error(self, key: str, error: ProviderError) -> AttemptOutcome:
        """Find out what became of a charge whose start was not answered."""
        try:
            snapshot = self.provider.fetch(key)
        except UnknownError:
            if error.retry:
                return AttemptOutcome("unsure")  # it may still be on its way; the sweep will know
            actions.expire(key)
            return AttemptOutcome("declined", reason="unknown")
        except ProviderError:
            return AttemptOutcome("unsure")
        actions.apply_snapshot(self.provider.name, snapshot)
        return outcome_of(snapshot.status, snapshot.reason or "")

    def refresh(self, contribution: Contribution) -> Contribution:
        """Ask the service how a contribution stands, and return it; unchanged if nobody answers."""
        try:
            snapshot = self.provider.fetch(contribution.ref or contribution.key)
        except ProviderError:
            return contribution
        return actions.apply_snapshot(self.provider.name, snapshot) or contribution

    def stop(self, contribution: Contribution) -> bool:
        """Tell the service to stop a contribution that is to stop, and return whether it has."""
        if contribution.ref is None:
            return False
        try:
            snapshot = self.provider.stop(contribution.ref, f"stop-{contribution.key}")
        except ProviderError:
            return False
        after = actions.apply_snapshot(self.provider.name, snapshot)
        return after is not None and after.state == "stopped"


def checkout() -> Checkout:
    """Return the newsroom's service, with the last good settings that the newsroom has.

    They are read afresh each time, so that a country put on the list is refused from that
    moment on, by every process and without a restart.

    Raises:
        NewsroomError: there never were good ones; nothing is charged.
    """
    newsroom = load_or_last(settings.NEWSROOM.folder)
    return Checkout(provider(newsroom), newsroom)


def outcome_of(state: str, reason: str) -> AttemptOutcome:
    """Return how an attempt in this state ended, as far as a page can say it."""
    if state in GIVEN:
        return AttemptOutcome("given")
    if state in NOTHING_CAME:
        return AttemptOutcome("declined", reason=reason or "unknown")
    return AttemptOutcome("unsure")
