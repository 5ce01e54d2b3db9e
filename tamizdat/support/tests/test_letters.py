"""Reminders and receipts: sealed addresses that wait, at most two letters, and then nothing."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from tamizdat.lib.money import Money
from tamizdat.support.till_client import Charged, Standing
from tamizdat.support.tokens import digest

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
SEALED = b"sealed bytes of reader@example.org"
FIRST = datetime(2026, 12, 1, 6, tzinfo=UTC)


@pytest.fixture
def keys(settings, newsroom):
    if not (newsroom.keys / "letters.key").exists():
        from tamizdat.readers.keys import make

        make(newsroom.keys, "a passphrase for the tests")


def remind(month=date(2026, 12, 1), language="ru"):
    from tamizdat.support import actions

    return actions.keep_reminder(actions.Asked(SEALED, language), month)


def sweep(at):
    """Sweep without a till: reminders do not need one."""
    from tamizdat.support import tasks

    tasks.sweep(at)


def queued(kind):
    from tamizdat.letters.models import Letter

    return list(Letter.objects.filter(kind=kind).order_by("pk"))


def held():
    from tamizdat.support.models import ReceiptWish, Reminder

    return Reminder.objects.count() + ReceiptWish.objects.count()


def test_a_reminder_comes_in_its_month_and_not_before(keys):
    remind()

    sweep(FIRST - timedelta(days=1))
    assert queued("reminder") == []
    sweep(FIRST)
    sweep(FIRST)

    (letter,) = queued("reminder")
    assert bytes(letter.sealed) == SEALED
    assert letter.language == "ru"


def test_at_most_two_letters_and_then_the_address_is_gone(keys):
    remind()

    for day in range(400):
        sweep(FIRST + timedelta(days=day))

    assert len(queued("reminder")) == 2
    assert held() == 0


def test_the_second_letter_comes_a_week_later(keys):
    remind()
    sweep(FIRST)

    sweep(FIRST + timedelta(days=7))
    assert len(queued("reminder")) == 1
    sweep(FIRST + timedelta(days=8))

    assert len(queued("reminder")) == 2


def test_the_first_letters_link_cancels_the_second(keys):
    from tamizdat.support import actions

    remind()
    sweep(FIRST)
    token = queued("reminder")[0].context["cancel_href"].rpartition("/")[2]

    assert actions.cancel_reminder(digest(token))
    assert not actions.cancel_reminder(digest(token))

    sweep(FIRST + timedelta(days=30))
    assert len(queued("reminder")) == 1
    assert held() == 0


def gift(*months, state="running", interval="month"):
    charges = [Charged(n, month, Money(500, "EUR")) for n, month in enumerate(months, start=1)]
    first = date(2026, 11, 1)
    return Standing(
        state, Money(500, "EUR"), interval, first, to_stop=False, next=None, charges=tuple(charges)
    )


def wish(*, each):
    from tamizdat.support import actions

    asked = actions.Asked(SEALED, "en")
    return actions.keep_wish(asked, "0" * 64, date(2026, 11, 23), each=each)


def answer(one, standing, at):
    from tamizdat.support import actions

    one.refresh_from_db()
    actions.answer_wish(one, standing, at)


NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def test_one_receipt_and_the_address_is_gone(keys):
    one = wish(each=False)

    answer(one, gift(NOVEMBER, state="paid", interval="once"), FIRST)

    (letter,) = queued("receipt")
    assert letter.context["amount"] == "€5"
    assert held() == 0


def test_a_receipt_for_each_charge_until_it_is_stopped(keys):
    one = wish(each=True)

    answer(one, gift(NOVEMBER), FIRST)
    answer(one, gift(NOVEMBER), FIRST)
    assert len(queued("receipt")) == 1
    answer(one, gift(NOVEMBER, DECEMBER), FIRST + timedelta(days=30))
    assert len(queued("receipt")) == 2
    answer(one, gift(NOVEMBER, DECEMBER, state="stopped"), FIRST + timedelta(days=60))

    assert len(queued("receipt")) == 2
    assert held() == 0


@pytest.mark.parametrize(
    ("standing", "interval"),
    [
        pytest.param({"state": "running"}, "month", id="running"),
        pytest.param({"state": "late"}, "month", id="late"),
        pytest.param({"state": "stopped"}, "once", id="stopped"),
        pytest.param({"state": "running", "to_stop": True}, "once", id="to be stopped"),
    ],
)
def test_a_receipt_promises_more_only_while_the_gift_runs(keys, standing, interval):
    answer(wish(each=False), replace(gift(NOVEMBER), **standing), FIRST)

    assert queued("receipt")[0].context["interval"] == interval


def test_a_gift_that_is_not_settled_waits_a_fortnight_for_its_receipt(keys):
    one = wish(each=False)

    answer(one, gift(state="processing"), datetime(2026, 11, 23, tzinfo=UTC))
    assert held() == 1
    answer(one, gift(state="failed"), datetime(2026, 12, 8, tzinfo=UTC))

    assert queued("receipt") == []
    assert held() == 0


def envelope(kind, **payload):
    from tamizdat.readers.envelopes import Envelope

    said = {"sealed": {"errand": b64encode(SEALED).decode()}, "language": "fa", **payload}
    return Envelope(uuid4(), kind, date(2026, 11, 23), said)


def handle(one):
    from tamizdat.readers import envelopes

    envelopes.handler(one.kind)(one, FIRST)


def test_envelopes_become_rows(keys):
    from tamizdat.support.models import ReceiptWish, Reminder

    handle(envelope("remind", month="2026-12"))
    handle(envelope("receipt", token_hash="0" * 64, each=True))

    assert Reminder.objects.get().due == DECEMBER
    assert (ReceiptWish.objects.get().each, ReceiptWish.objects.get().language) == (True, "fa")


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        pytest.param("remind", {"month": "2020-01"}, id="a month long gone"),
        pytest.param("remind", {"month": "2099-01"}, id="a month too far"),
        pytest.param("remind", {"month": "soon"}, id="no month"),
        pytest.param("remind", {"month": "2026-12", "sealed": {}}, id="no address"),
        pytest.param("remind", {"month": "2026-12", "sealed": {"errand": "%"}}, id="no base64"),
        pytest.param("remind", {"month": "2026-12", "sealed": {"errand": "A" * 9000}}, id="long"),
        pytest.param("receipt", {"token_hash": "x"}, id="no hash"),
        pytest.param("cancel_reminder", {"token": "x"}, id="no token's hash"),
    ],
)
def test_envelopes_that_our_counter_never_makes_are_thrown_away(keys, kind, payload):
    from tamizdat.readers.envelopes import UnreadableError

    with pytest.raises(UnreadableError):
        handle(envelope(kind, **payload))
    assert held() == 0
