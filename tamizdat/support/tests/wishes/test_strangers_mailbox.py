"""No form mails strangers: whatever is typed forty times, one letter comes."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.tests.conftest import (
    Mailbox,
    key_folder,
    reader_secret,
    room,
    unlocked,
)
from tamizdat.lib import clock
from tamizdat.readers import publishing
from tamizdat.readers.counter.sealed_forms import sealed_record, sealed_sign_up
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.support.tests.counter.test_giving import give
from tamizdat.support.tests.counter.test_public_forms import FORMS
from tamizdat.support.wishes.reminders import Reminder, written

__all__ = ["key_folder", "reader_secret", "room", "unlocked"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])

TEMPLATES = Path(__file__).parents[3] / "theme/templates"
SPELLINGS = [f"{'Ada' if n % 2 else 'ada'}+{n}@example.org" for n in range(40)]


def sign_up(address):
    consent = {"version": "1.0", "sha256": "0" * 64}
    sealed = sealed_sign_up(address, "en")
    take_in(
        "subscribe",
        {"sealed": sealed, "newsletters": ["friday"], "language": "en", "consent": consent},
    )


def remind(address):
    wish = Record("reminder", address, "en", written(Reminder(due=clock.now().date())))
    take_in("remind", {"sealed": sealed_record(wish, at_once=False)})


BY_SUBMISSION = {"subscribe": sign_up, "remind": remind}
BY_TILL = {"receipt"}  # the till counts these: `test_a_receipt_form_takes_one_wish…`


def form_of(pattern):
    return re.findall(r"[a-z]+", pattern.replace("<str:language>", "").replace("token", ""))[0]


def test_every_form_that_takes_an_address_is_tried_here():
    takes_one = {form_of(at) for (_, at), (_, fields) in FORMS.items() if "address" in fields}

    assert takes_one == {*BY_SUBMISSION, *BY_TILL}


def test_every_page_that_asks_for_an_address_hands_it_to_one_of_these():
    asking = [path for path in TEMPLATES.rglob("*.html") if 'type="email"' in path.read_text()]

    assert {path.relative_to(TEMPLATES).as_posix() for path in asking} == {
        *("counter/subscribe.html", "parts/newsletter.html"),
        *("counter/remind.html", "parts/appeal.html"),
        "counter/thanks.html",
    }


@pytest.mark.parametrize("form", BY_SUBMISSION)
def test_forty_forms_of_one_mailbox_make_one_letter(room, unlocked, monkeypatch, form):
    limits.forget()
    at = clock.now()
    publishing.change_keys(room, at)
    for address in SPELLINGS:
        BY_SUBMISSION[form](address)

    for hours in (0, 1, 24):
        collecting.collect(at)
        merging.merge_readers(at)
        sealed_records.look(at + timedelta(hours=hours))
        deliver_due(at + timedelta(hours=hours))

    assert len(Mailbox(room.data / "mailbox").letters()) == 1


def test_a_receipt_form_takes_one_wish_and_one_correction_of_twenty_five(box):
    token = give(box)
    form = f"{box.newsroom.addresses.counter}/en/receipt/{token}"

    answers = [box.post(form, address=f"stranger{n}@example.org").status for n in range(25)]

    assert answers.count(200) == 2
