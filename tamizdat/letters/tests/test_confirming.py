"""From the form to the first letter: two steps, one mailbox, nothing in the clear on the way."""

import json
import re
from base64 import b64encode
from datetime import timedelta

import pytest

from tamizdat.letters import outbox
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Letter
from tamizdat.letters.tests.conftest import NOON
from tamizdat.readers import actions as readers
from tamizdat.readers import collecting, keys, tokens
from tamizdat.readers.counter.models import Envelope
from tamizdat.readers.models import Pending, Reader, Subscription
from tamizdat.readers.sealing import seal
from tamizdat.readers.tasks import sweep

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"


@pytest.fixture
def sign_up(room):
    """What the counter makes of a form."""

    def sign_up(address=ADA, language="en"):
        sealed = {
            name: b64encode(seal(address, keys.public(room.keys, name))).decode()
            for name in ("reader", "errand")
        }
        put("subscribe", sealed=sealed, newsletters=["friday"], language=language,
            consent={"version": "1.0", "sha256": "0" * 64})  # fmt: skip

    return sign_up


def put(kind, **payload):
    Envelope.objects.create(kind=kind, day=NOON.date(), payload=json.dumps(payload))


def press_the_link_in(letter):
    text = letter.get_body(("plain",)).get_content()
    found = re.search(r"/(\w+)/(confirm|leave)/([a-z2-7]{26})\s", text)
    put(found[2], token=tokens.digest(found[3]))


def round_(at=NOON):
    collecting.collect(at)
    deliver_due(at)


@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
def test_a_reader_signs_up_confirms_and_is_on_record(sign_up, mailbox, language):
    sign_up(language=language)
    round_()
    letter = mailbox.only()
    assert letter["To"] == ADA
    assert letter["Auto-Submitted"] == "auto-replied"
    assert "List-Unsubscribe" not in letter

    press_the_link_in(letter)
    round_()

    assert Reader.objects.count() == 1
    assert Subscription.objects.get().language == language
    assert not Pending.objects.exists()


def test_the_confirmation_goes_out_while_the_reader_key_is_locked(sign_up, mailbox):
    sign_up()
    round_()

    assert mailbox.only()["Subject"] == "Confirm your subscription to The Test Sheet"


def test_once_handed_over_the_address_is_forgotten(sign_up):
    sign_up()
    round_()

    letter = Letter.objects.get()
    assert letter.state == "handed"
    assert letter.sealed is None
    assert letter.context == {}


def test_a_letter_that_waited_too_long_is_not_sent_any_more(sign_up, mailbox):
    sign_up()
    collecting.collect(NOON)

    deliver_due(NOON + timedelta(hours=49))

    assert mailbox.letters() == []
    assert Letter.objects.get().state == "suppressed"
    assert Letter.objects.get().sealed is None


def test_a_letter_that_was_deferred_does_not_outlive_its_sign_up(sign_up, room):
    sign_up()
    collecting.collect(NOON)
    letter = Letter.objects.get()
    outbox.settle(letter, Letter.State.DEFERRED, NOON)
    sign_up("bob@example.org")
    collecting.collect(NOON + timedelta(hours=1))

    readers.expire(NOON + timedelta(hours=48))

    assert Pending.objects.count() == 1
    assert Letter.objects.get().about == Pending.objects.get().pk.hex


def test_a_confirmation_that_is_collected_too_late_finds_nothing(sign_up, mailbox):
    sign_up()
    round_()
    press_the_link_in(mailbox.only())

    sweep(NOON + timedelta(hours=48))

    assert not Reader.objects.exists()
    assert not Pending.objects.exists()
    assert not Envelope.objects.exists()


def test_ten_sign_ups_of_one_address_make_three_letters(sign_up, mailbox):
    for _ in range(10):
        sign_up()
    round_()

    assert len(mailbox.letters()) == 3
    assert Letter.objects.filter(state="suppressed").count() == 7


def test_the_link_of_the_letter_holds_a_token_that_no_table_holds(sign_up, mailbox):
    sign_up()
    round_()

    text = mailbox.only().get_body(("plain",)).get_content()
    token = re.search(r"confirm/([a-z2-7]{26})", text)[1]
    rows = str([list(model.objects.values_list()) for model in (Pending, Letter)])
    assert token not in rows
    assert ADA not in rows
    assert tokens.digest(token) in rows


def test_the_confirmation_holds_no_advertising_and_loads_nothing(sign_up, mailbox):
    sign_up()
    round_()

    html = mailbox.only().get_body(("html",)).get_content()
    links = set(re.findall(r'(?:href|src)="([^"]+)"', html))
    assert {link.split("/")[2] for link in links} == {"127.0.0.1:8000", "127.0.0.1:8001"}
    assert "<img" not in html
    assert "url(" not in html
