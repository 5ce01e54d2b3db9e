"""What every payment service must keep to. Each provider's test class inherits this."""

import json

import pytest

from tamizdat.lib.money import Money
from tamizdat.support.providers.base import (
    Done,
    Failed,
    ForgedWebhookError,
    KeyReusedError,
    NeedsAction,
    Order,
    UnknownError,
)

FIVE = Money(500, "EUR")


def order(interval="once", money=FIVE):
    return Order(money, interval, back="https://till.example.org/return/abc")


class ProviderContract:
    """Supply a fixture `provider` and the attributes below, handles of the service's test cards."""

    good: str
    declined: str
    asks: str
    listed: str  # issued in Russia
    without_country: str

    def webhook_event(self, provider, ref):
        """Return (headers, raw) of a webhook event about `ref`, as the service would post it."""
        raise NotImplementedError

    def asked_of_banks(self, provider):
        """Return how often any issuing bank was asked anything."""
        raise NotImplementedError

    def test_looking_at_a_card_tells_its_country_and_no_bank(self, provider):
        assert provider.inspect(self.listed).country == "RU"
        assert provider.inspect(self.good).country == "FR"
        assert provider.inspect(self.without_country).country is None
        with pytest.raises(UnknownError):
            provider.inspect("4242 4242 4242 4243")
        assert self.asked_of_banks(provider) == 0

    @pytest.mark.parametrize(
        ("interval", "status"), [("once", "paid"), ("month", "running"), ("year", "running")]
    )
    def test_a_good_card_pays_at_once(self, provider, interval, status):
        outcome = provider.start(order(interval), self.good, key="k1")

        assert isinstance(outcome, Done)
        assert outcome.snapshot.status == status
        assert outcome.snapshot.key == "k1"
        assert [paid.money for paid in outcome.snapshot.charges] == [FIVE]
        assert provider.fetch(outcome.snapshot.ref) == outcome.snapshot

    def test_starting_twice_with_one_key_charges_once(self, provider):
        first = provider.start(order(), self.good, key="k1")
        again = provider.start(order(), self.good, key="k1")

        assert again == first
        assert self.asked_of_banks(provider) == 1

    @pytest.mark.parametrize(
        "other", [order("month"), order(money=Money(501, "EUR")), order(money=Money(500, "USD"))]
    )
    def test_one_key_is_one_payment(self, provider, other):
        first = provider.start(order(), self.good, key="k1")

        with pytest.raises(KeyReusedError):
            provider.start(other, self.good, key="k1")
        with pytest.raises(KeyReusedError):
            provider.start(order(), self.declined, key="k1")
        assert provider.fetch("k1") == first.snapshot

    def test_what_a_crash_forgot_is_found_by_its_key(self, provider):
        started = provider.start(order(), self.good, key="k1")

        assert provider.fetch("k1") == started.snapshot
        with pytest.raises(UnknownError) as caught:
            provider.fetch("k2")
        assert not caught.value.retry

    def test_a_declined_card_says_why_and_stays_declined(self, provider):
        outcome = provider.start(order(), self.declined, key="k1")

        assert isinstance(outcome, Failed)
        assert outcome.reason == "declined"
        assert outcome.snapshot.charges == ()
        assert provider.start(order(), self.declined, key="k1") == outcome

    def test_a_bank_that_asks_first_charges_nothing_yet(self, provider):
        outcome = provider.start(order("month"), self.asks, key="k1")

        assert isinstance(outcome, NeedsAction)
        assert outcome.address.startswith("http")
        assert provider.fetch("k1").status == "needs_action"
        assert provider.fetch("k1").charges == ()

    def test_stopping_twice_is_fine(self, provider):
        ref = provider.start(order("month"), self.good, key="k1").snapshot.ref

        stopped = provider.stop(ref, key="s1")

        assert stopped.status == "stopped"
        assert len(stopped.charges) == 1
        assert provider.stop(ref, key="s2") == stopped

    def test_each_thing_that_happens_is_a_later_turn(self, provider):
        started = provider.start(order("month"), self.good, key="k1").snapshot

        assert provider.stop(started.ref, key="s1").version > started.version

    def test_changes_are_listed_from_where_one_left_off(self, provider):
        one = provider.start(order("month"), self.good, key="k1").snapshot
        changes = provider.since("")
        two = provider.start(order(), self.good, key="k2").snapshot

        assert changes.snapshots == (one,)
        assert provider.since(changes.cursor).snapshots == (two,)
        last = provider.since(provider.since(changes.cursor).cursor)
        assert last.snapshots == ()

    def test_a_webhook_event_reads_the_same_twice(self, provider):
        ref = provider.start(order(), self.good, key="k1").snapshot.ref
        headers, raw = self.webhook_event(provider, ref)

        hints = provider.read_webhook(headers, raw)

        assert [hint.ref for hint in hints] == [ref]
        assert provider.read_webhook({name.upper(): v for name, v in headers.items()}, raw) == hints

    def test_a_forged_webhook_event_is_refused(self, provider):
        ref = provider.start(order(), self.good, key="k1").snapshot.ref
        headers, raw = self.webhook_event(provider, ref)
        forged = json.dumps({**json.loads(raw), "extra": 1}).encode()

        for said in [(headers, forged), ({}, raw), (dict.fromkeys(headers, "x:y"), raw)]:
            with pytest.raises(ForgedWebhookError):
                provider.read_webhook(*said)
