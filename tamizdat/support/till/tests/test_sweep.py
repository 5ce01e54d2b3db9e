from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.db import DataError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamizdat.support.providers.pretend import Pretend
from tamizdat.support.till import actions
from tamizdat.support.till.models import Contribution
from tamizdat.support.till.states import GIVEN
from tamizdat.support.till.tests.shop import open_shop
from tests.told_to_stop import told_to_stop

pytestmark = pytest.mark.django_db(databases=["till"])
ASKS, PAYS_ONCE, SETTLES = "4000002500003155", "4000000000000341", "4000000000000077"


def test_renewals_become_charges(shop):
    _, contribution = shop.give("month")

    shop.pass_(days=70)
    shop.sweep()
    shop.sweep()

    months = [f"{month:%Y-%m}" for month in contribution.charges.values_list("month", flat=True)]
    assert months == ["2026-01", "2026-02", "2026-03"]
    assert shop.charged_here() == shop.charged_there()


def test_who_is_told_to_stop_takes_all_renewals_the_next_time(shop):
    """What the service said is asked again as long as not all of it was taken."""
    for _ in range(3):
        shop.give("month")
    shop.sweep()

    shop.pass_(days=32)
    with told_to_stop(after=1):
        shop.sweep()
    shop.sweep()

    assert shop.charged_here() == shop.charged_there()
    assert Contribution.objects.filter(charges__month="2026-02-01").count() == 3


def test_an_annual_contribution_renews_after_a_year(shop):
    _, contribution = shop.give("year")

    shop.pass_(days=366)
    shop.sweep()

    assert contribution.charges.count() == 2


def test_a_country_put_on_the_list_is_not_charged_again(shop):
    shop.give("month")
    _, german = shop.give("month", card="5555 5555 5555 4444")
    shop.refuse_also("FR")

    shop.pass_(days=3)
    shop.sweep()
    shop.pass_(days=60)
    shop.sweep()

    french = Contribution.objects.get(country="FR")
    assert (french.state, french.charges.count()) == ("stopped", 1)
    german.refresh_from_db()
    assert (german.state, german.charges.count()) == ("running", 3)


def test_a_failing_card_is_late_and_then_stopped(shop):
    _, contribution = shop.give("month", card=PAYS_ONCE)

    shop.pass_(days=32)
    shop.sweep()
    contribution.refresh_from_db()
    assert contribution.state == "late"
    shop.pass_(days=15)
    shop.sweep()
    contribution.refresh_from_db()

    assert contribution.state == "stopped"
    assert contribution.charges.count() == 1


def test_a_slow_payment_is_settled_without_its_reader(shop):
    _, contribution = shop.give(card=SETTLES)
    assert contribution.state == "processing"

    shop.pass_(hours=2)
    shop.sweep()

    contribution.refresh_from_db()
    assert contribution.state == "paid"


def test_an_unanswered_question_ends(shop):
    _, contribution = shop.give(card=ASKS)

    shop.pass_(hours=30)
    shop.sweep()

    contribution.refresh_from_db()
    assert (contribution.state, contribution.reason) == ("failed", "step")


def test_a_row_of_which_the_service_never_heard_expires_after_a_while(shop):
    checked = actions.Checked(shop.begin(), "FR", "pretend")
    actions.open_attempt(checked, shop.at)

    shop.pass_(minutes=5)
    shop.sweep()
    assert Contribution.objects.get().state == "submitting", "the request may still be on its way"
    shop.pass_(minutes=6)
    shop.sweep()

    assert Contribution.objects.get().state == "expired"


def test_failures_are_forgotten_and_contributions_are_not(shop):
    shop.give()
    shop.give(card="4000 0000 0000 0002")

    shop.pass_(days=20)
    shop.sweep()
    assert Contribution.objects.count() == 2
    shop.pass_(days=50)
    shop.sweep()

    assert Contribution.objects.get().state == "paid"


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_order_repetition_and_loss_of_webhook_events_ends_in_agreement(
    tmp_path, newsroom, db, data
):
    """Any order, repetition or loss of webhook events and one sweep end in the same state."""
    shop = open_shop(Path(mkdtemp(dir=tmp_path)), newsroom)
    cards = st.sampled_from(["4242424242424242", PAYS_ONCE, SETTLES, ASKS, "4000000000000002"])
    for _ in range(data.draw(st.integers(1, 3))):
        shop.give(data.draw(st.sampled_from(["once", "month", "year"])), data.draw(cards))
    shop.pass_(days=data.draw(st.integers(0, 100)))
    sent = [
        shop.service.signed(str(row["id"]), row["gift"]) for row in shop.service.service.events()
    ]

    for headers, raw in data.draw(st.lists(st.sampled_from(sent), max_size=8)):
        for hint in shop.service.read_webhook(headers, raw):
            actions.apply_snapshot("pretend", shop.service.fetch(hint.ref))
    shop.sweep()

    assert shop.charged_here() == shop.charged_there()
    for contribution in Contribution.objects.all():
        assert contribution.state == shop.service.fetch(contribution.key).status
        assert (contribution.charges.count() > 0) == (contribution.state in GIVEN)


def broken_for(monkeypatch, ref, error=DataError):
    """Let the books fail for one contribution, as they would for a value that fits in no column."""
    real = actions.apply_snapshot

    def take(provider, snapshot):
        if snapshot.ref == ref:
            raise error("value too long")
        return real(provider, snapshot)

    monkeypatch.setattr(actions, "apply_snapshot", take)


@pytest.mark.parametrize("error", [DataError, ZeroDivisionError])
@pytest.mark.parametrize("card", [SETTLES, "4242424242424242"])
def test_one_contribution_that_cannot_be_written_holds_up_no_other(
    shop, monkeypatch, caplog, card, error
):
    _, broken = shop.give("month", card=card)
    _, other = shop.give("month", card=card)
    broken_for(monkeypatch, broken.ref, error)

    shop.pass_(days=40)
    shop.sweep()
    shop.sweep()

    other.refresh_from_db()
    assert other.charges.count() == 2
    told = shop.told()["contributions-wait"]
    assert told.what == "The books could not be brought up to date for 1 contributions."
    assert error.__name__ in told.cause
    assert broken.ref not in caplog.text + str(told)
    monkeypatch.undo()
    shop.sweep()
    assert shop.told() == {}
    assert broken.charges.count() == 2, "what could not be written is not lost"


def test_a_contribution_that_cannot_be_stopped_holds_up_no_other(shop, monkeypatch):
    _, broken = shop.give("month")
    _, other = shop.give("month")
    broken_for(monkeypatch, broken.ref)
    shop.refuse_also("FR")

    shop.sweep()

    other.refresh_from_db()
    assert other.state == "stopped"


def test_a_service_that_does_not_answer_is_told_until_it_does(shop, monkeypatch):
    shop.give("month")
    with monkeypatch.context() as away:
        away.setattr(Pretend, "_since", lambda *_about: 1 / 0)
        shop.pass_(days=40)
        shop.sweep()
    assert set(shop.told()) == {"payment-service"}
    assert len(shop.charged_here()) == 1

    shop.sweep()
    assert shop.told() == {}
    assert len(shop.charged_here()) == 2


def test_a_contribution_that_the_service_does_not_stop_is_told(shop, monkeypatch):
    _, contribution = shop.give("month")
    shop.refuse_also("FR")
    with monkeypatch.context() as away:
        away.setattr(Pretend, "_stop", lambda *_about: 1 / 0)
        shop.sweep()
    contribution.refresh_from_db()
    assert (contribution.state, contribution.to_stop) == ("running", True)
    assert "NotStoppedError" in shop.told()["contributions-wait"].cause

    shop.sweep()
    contribution.refresh_from_db()
    assert contribution.state == "stopped"
    assert shop.told() == {}


def test_a_step_that_fails_holds_up_no_other(shop, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(actions, "put_right", lambda _at: 1 / 0)
        shop.give("month")
        shop.pass_(days=40)
        shop.sweep()
    assert set(shop.told()) == {"till-steps"}
    assert shop.charged_here() == shop.charged_there()

    shop.sweep()
    assert shop.told() == {}


def test_a_contribution_of_another_service_is_not_given_up_by_this_one(shop):
    actions.open_attempt(actions.Checked(shop.begin(), "FR", "another"), shop.at)

    shop.pass_(minutes=20)
    shop.sweep()

    assert Contribution.objects.get().state == "submitting", (
        "this service never heard of it, of course"
    )


def test_a_contribution_that_was_opened_by_a_clock_that_was_ahead_is_not_open_for_a_year(shop):
    checked = actions.Checked(shop.begin(), "FR", "pretend")
    actions.open_attempt(checked, shop.at.replace(year=shop.at.year + 1))

    shop.sweep()
    shop.pass_(minutes=11)
    shop.sweep()

    assert Contribution.objects.get().state == "expired"
