import pytest

from tamizdat.support.providers.base import Changes, Order, UnreachableError
from tamizdat.support.till import actions, paying
from tamizdat.support.till.closed import Closed, closed
from tamizdat.support.till.drafts import ATTEMPTS
from tamizdat.support.till.models import Charge, Contribution, Refusals, UnmatchedCharge
from tamizdat.support.till.paying import Checkout
from tamizdat.support.tokens import digest

pytestmark = pytest.mark.django_db(databases=["till"])
DECLINED, ASKS = "4000 0000 0000 0002", "4000 0025 0000 3155"
LISTED, NO_COUNTRY = "4000 0064 3000 0009", "4000 0000 0000 0010"


GERMAN = "5555 5555 5555 4444"


@pytest.mark.parametrize(("interval", "state"), [("once", "paid"), ("month", "running")])
def test_giving(shop, interval, state):
    draft = shop.begin(interval)

    end = shop.pay(draft)

    contribution = Contribution.objects.get()
    assert end.ending == "given"
    assert (contribution.state, contribution.country, contribution.minor) == (state, "FR", 500)
    assert contribution.token_hash == digest(draft.token)
    assert contribution.open_since is None, (
        "a settled contribution keeps no time finer than its month"
    )
    assert shop.charged_here() == shop.charged_there() != []


@pytest.mark.parametrize(("card", "why"), [(LISTED, "listed"), (NO_COUNTRY, "unknown")])
def test_a_refused_card_leaves_a_count_and_nothing_else(shop, card, why, caplog):
    draft = shop.begin("month")

    end = shop.pay(draft, card)

    assert end.ending == "refused"
    assert list(Refusals.objects.values_list("day", "reason", "count")) == [
        (shop.at.date(), why, 1)
    ]
    assert (
        Contribution.objects.count(),
        Charge.objects.count(),
        UnmatchedCharge.objects.count(),
    ) == (0, 0, 0)
    assert shop.asked_of_banks() == 0
    assert shop.service.service.events() == []
    assert closed.has(draft)
    assert caplog.text == ""


def test_a_mistyped_number_is_no_refusal_and_may_be_typed_again(shop):
    draft = shop.begin()

    assert shop.pay(draft, "4242 4242 4242 4243").ending == "mistyped"

    assert (Refusals.objects.count(), Contribution.objects.count()) == (0, 0)
    assert shop.pay(draft).ending == "given"


def test_refusals_of_a_day_are_one_number(shop):
    for _ in range(3):
        shop.give(card=LISTED)

    assert Refusals.objects.get().count == 3


def test_a_declined_card_and_then_a_good_one(shop):
    draft = shop.begin()
    assert shop.pay(draft, DECLINED).reason == "declined"

    assert shop.pay(draft).ending == "given"

    assert sorted(Contribution.objects.values_list("state", flat=True)) == ["failed", "paid"]
    assert len(shop.charged_there()) == 1


def test_pressing_twice_charges_once(shop):
    draft = shop.begin()

    assert shop.pay(draft).ending == "given"
    assert shop.pay(draft).ending == "given"

    assert Contribution.objects.count() == 1
    assert len(shop.charged_there()) == 1


def test_another_card_on_a_paid_draft_charges_nothing_more(shop):
    draft = shop.begin()
    shop.pay(draft)

    assert shop.pay(draft, "5555 5555 5555 4444").ending == "given"

    assert len(shop.charged_there()) == 1


def test_a_card_of_another_country_is_not_charged_while_the_first_is_not_settled(shop):
    draft = shop.begin("month")
    shop.pay(draft, ASKS)

    assert shop.pay(draft, GERMAN).ending == "unsure"

    assert [
        (contribution.country, contribution.state) for contribution in Contribution.objects.all()
    ] == [("FR", "needs_action")]
    assert shop.charged_there() == []


def test_a_card_of_another_country_after_a_declined_one_is_an_attempt_of_its_own(shop):
    draft = shop.begin("month")
    shop.pay(draft, DECLINED)

    assert shop.pay(draft, GERMAN).ending == "given"

    rows = Contribution.objects.order_by("country").values_list("country", "state", "key")
    assert list(rows) == [("DE", "running", draft.key(2)), ("FR", "failed", draft.key(1))]


@pytest.mark.parametrize("country", ["FR", "DE"])
def test_listing_a_country_stops_the_contribution_of_the_card_that_pays_it(shop, country):
    draft = shop.begin("month")
    service = shop.service.service
    checked = actions.Checked(draft, "FR", "pretend")
    actions.open_attempt(checked, shop.at)  # a French card came first, and its process died
    shop.pay(draft, GERMAN)
    shop.pay(draft, "4242 4242 4242 4242")
    with service.book.change() as db:
        (card,) = db.execute("SELECT card FROM gift").fetchone()
    paid_from = "DE" if card.startswith("5555") else "FR"

    shop.refuse_also(country)
    shop.sweep()

    stopped = Contribution.objects.get(state__in=("running", "stopped")).state == "stopped"
    assert stopped == (country == paid_from)


def test_no_more_cards_reach_a_bank_than_a_draft_has_attempts(shop, monkeypatch):
    """The books count them: a till that was restarted in between knows them, too."""
    draft = shop.begin()

    ends = []
    for _ in range(ATTEMPTS + 3):
        monkeypatch.setattr(paying, "closed", Closed())  # a restart
        ends.append(shop.pay(draft, DECLINED).ending)

    assert set(ends) == {"declined"}
    assert shop.asked_of_banks() == ATTEMPTS
    assert shop.pay(draft).ending == "declined", "not even a good one"


def test_an_attempt_that_the_service_names_after_it_expired_is_settled(shop, monkeypatch):
    draft = shop.begin()
    actions.open_attempt(actions.Checked(draft, "FR", "pretend"), shop.at)
    actions.expire(draft.key(1))
    order = Order(draft.money, "once", "http://127.0.0.1/back")
    outcome = shop.service.start(order, "4000 0000 0000 0077", draft.key(1))
    actions.apply_snapshot("pretend", outcome.snapshot)
    assert Contribution.objects.get().state == "processing"

    shop.pass_(hours=2)
    monkeypatch.setattr(shop.service, "_since", lambda cursor: Changes((), cursor))
    shop.sweep()

    assert Contribution.objects.get().state == "paid"


def test_the_banks_question(shop):
    draft = shop.begin("month")
    end = shop.pay(draft, ASKS)
    assert end.ending == "question"
    assert Contribution.objects.get().state == "needs_action"
    assert shop.pay(draft, ASKS) == end, "who goes back and pays again is asked the same question"

    shop.service.service.answer(end.address.rpartition("/")[2], yes=True)
    contribution = shop.checkout.refresh(Contribution.objects.get())

    assert contribution.state == "running"
    assert shop.charged_here() == shop.charged_there() != []


def test_a_service_that_does_not_answer_leaves_a_row_to_settle(shop):
    draft = shop.begin()
    with shop.service.service.book.change() as db:
        db.execute("ALTER TABLE gift RENAME TO gone")

    end = shop.pay(draft)

    assert end.ending == "unsure"
    assert Contribution.objects.get().state == "submitting"


def test_a_charge_of_what_we_do_not_know_is_kept_for_a_human(shop):
    _, contribution = shop.give()
    contribution.charges.all().delete()
    contribution.delete()

    shop.sweep()

    assert UnmatchedCharge.objects.count() == 1


def test_stopping_is_wished_for_before_it_is_done(shop, newsroom, monkeypatch):
    draft = shop.begin("month")
    shop.pay(draft)

    (contribution,) = actions.ask_to_stop(digest(draft.token))
    assert Contribution.objects.get().to_stop
    assert Contribution.objects.get().state == "running"

    assert shop.checkout.stop(contribution)
    assert Contribution.objects.get().state == "stopped"


def test_a_broken_inspection_writes_nothing(shop, tmp_path):
    class Silent(type(shop.service)):
        def _inspect(self, method_token):
            raise UnreachableError("no answer")

    silent = Silent(tmp_path / "pretend.sqlite3", "http://127.0.0.1:8003", lambda: shop.at)
    shop.checkout = Checkout(silent, shop.checkout.newsroom)

    assert shop.pay(shop.begin()).ending == "away"
    assert Contribution.objects.count() == 0
