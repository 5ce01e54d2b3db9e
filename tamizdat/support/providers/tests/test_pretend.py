from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.support.pretend import cards
from tamizdat.support.providers.base import (
    Done,
    Failed,
    ForgedWebhookError,
    Processing,
    UnreachableError,
)
from tamizdat.support.providers.pretend import Pretend
from tamizdat.support.tests.provider_contract import ProviderContract, order

FIRST = datetime(2026, 1, 31, 12, tzinfo=UTC)


class Hands:
    """A clock that the test moves."""

    def __init__(self):
        self.at = FIRST

    def __call__(self):
        return self.at

    def pass_(self, **span):
        self.at += timedelta(**span)


@pytest.fixture
def hands():
    return Hands()


@pytest.fixture
def provider(tmp_path, hands):
    return Pretend(tmp_path / "pretend.sqlite3", "http://127.0.0.1:8003", hands)


class TestPretend(ProviderContract):
    good = "4242 4242 4242 4242"
    declined = "4000 0000 0000 0002"
    asks = "4000 0025 0000 3155"
    listed = "4000 0064 3000 0009"
    without_country = "4000 0000 0000 0010"

    def webhook_event(self, provider, ref):
        return provider.signed("e1", ref)

    def asked_of_banks(self, provider):
        with provider.service.book.change() as db:
            return db.execute("SELECT count(*) FROM bank").fetchone()[0]


def paid_on(provider, ref):
    return [f"{paid.at:%Y-%m-%d}" for paid in provider.fetch(ref).charges]


def test_a_monthly_contribution_is_charged_by_the_calendar(provider, hands):
    ref = provider.start(order("month"), TestPretend.good, "k1").snapshot.ref

    hands.pass_(days=95)

    assert paid_on(provider, ref) == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    assert f"{provider.fetch(ref).next_charge}" == "2026-05-31"


def test_an_annual_contribution_is_charged_once_a_year(provider, hands):
    ref = provider.start(order("year"), TestPretend.good, "k1").snapshot.ref

    hands.pass_(days=366)

    assert paid_on(provider, ref) == ["2026-01-31", "2027-01-31"]


def test_a_stopped_contribution_is_never_charged_again(provider, hands):
    ref = provider.start(order("month"), TestPretend.good, "k1").snapshot.ref
    provider.stop(ref, "s1")

    hands.pass_(days=400)

    assert paid_on(provider, ref) == ["2026-01-31"]


def test_a_card_that_stops_paying_is_tried_again_and_then_given_up(provider, hands):
    ref = provider.start(order("month"), "4000 0000 0000 0341", "k1").snapshot.ref

    hands.pass_(days=29)
    assert provider.fetch(ref).status == "late"
    hands.pass_(days=10)
    assert provider.fetch(ref).status == "stopped"
    assert paid_on(provider, ref) == ["2026-01-31"]


def test_a_payment_that_takes_an_hour(provider, hands):
    outcome = provider.start(order(), "4000 0000 0000 0077", "k1")
    assert isinstance(outcome, Processing)

    hands.pass_(hours=2)

    assert provider.fetch("k1").status == "paid"


def test_too_little_money_is_said_as_such(provider):
    outcome = provider.start(order(), "4000 0000 0000 9995", "k1")

    assert isinstance(outcome, Failed)
    assert outcome.reason == "insufficient"


@pytest.mark.parametrize(("yes", "status"), [(True, "running"), (False, "failed")])
def test_the_answer_to_the_banks_question_counts_once(provider, yes, status):
    ref = provider.start(order("month"), TestPretend.asks, "k1").snapshot.ref

    provider.service.answer(ref, yes=yes)
    provider.service.answer(ref, yes=not yes)

    assert provider.fetch(ref).status == status
    assert len(provider.fetch(ref).charges) == (1 if yes else 0)


def test_a_question_that_nobody_answers_ends(provider, hands):
    ref = provider.start(order(), TestPretend.asks, "k1").snapshot.ref

    hands.pass_(hours=25)

    assert provider.fetch(ref).status == "failed"
    assert provider.fetch(ref).reason == "step"


def test_an_old_webhook_event_is_not_believed(provider, hands):
    ref = provider.start(order(), TestPretend.good, "k1").snapshot.ref
    headers, raw = provider.signed("e1", ref)

    hands.pass_(minutes=6)

    with pytest.raises(ForgedWebhookError):
        provider.read_webhook(headers, raw)


def test_a_broken_book_is_an_error_of_ours_that_hides_its_cause(provider):
    with provider.service.book.change() as db:
        db.execute("DROP TABLE bank")

    with pytest.raises(UnreachableError) as caught:
        provider.start(order(), TestPretend.good, "k1")

    assert caught.value.retry
    assert caught.value.__context__ is None
    assert "4242" not in str(caught.value)


def test_two_processes_share_one_book(provider, tmp_path, hands):
    other = Pretend(tmp_path / "pretend.sqlite3", "http://127.0.0.1:8003", hands)

    outcome = provider.start(order(), TestPretend.good, "k1")

    assert isinstance(outcome, Done)
    assert other.start(order(), TestPretend.good, "k1") == outcome
    assert other.read_webhook(*provider.signed("e1", "r"))[0].ref == "r"


@pytest.mark.parametrize("typed", ["4242424242424242", " 4242-4242 4242 4242", "۴۲۴۲۴۲۴۲۴۲۴۲۴۲۴۲"])
def test_a_card_is_known_however_it_is_typed(typed):
    assert cards.find(typed).country == "FR"


def test_no_real_card_is_known():
    assert cards.find("4111111111111111") is None


def test_the_listed_card_comes_from_wherever_the_newsroom_refuses(tmp_path, hands):
    service = Pretend(tmp_path / "pretend.sqlite3", "http://127.0.0.1:8003", hands, listed="XL")

    assert service.inspect("4000 0064 3000 0009").country == "XL"
