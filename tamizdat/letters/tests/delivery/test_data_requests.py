"""A reader asks what we hold, or to be forgotten: sealed, and done at the next unlock."""

from datetime import timedelta

import pytest

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.models import Letter
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_confirming import put, sealed_twice
from tamizdat.readers.keys import letters_key
from tamizdat.readers.mailboxes import mailbox_links, unanswered
from tamizdat.readers.models import Pending, Reader, SealedRecord, Unanswered, UnattendedCopy
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import AddressError
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, BOB = "ada@example.org", "bob@example.org"


def round_(at=NOON):
    merging.merge_readers(at)
    sealed_records.look(at)
    deliver_due(at)


def remind(room, address, due="2027-01-01"):
    record = Record("reminder", address, "en", {"due": due, "sent": 0, "until": ""})
    store.keep_record(record, room.keys)


def say(room, address, what):
    link = mailbox_links.link(letters_key(room.keys), address)
    store.keep_record(Record(mailbox_links.CHOICE, link, "en", {"say": what}), room.keys)


def sign_up(room, address):
    put("subscribe", sealed=sealed_twice(room, address, "en"), newsletters=["friday"],
        language="en", consent={"version": "1.0", "sha256": "0" * 64})  # fmt: skip
    collecting.collect(NOON)


@pytest.mark.parametrize("kind", data_requests.KINDS)
def test_while_the_key_is_locked_nothing_is_looked_for(room, subscribe, mailbox, kind):
    subscribe(ADA)
    data_requests.ask(room, kind, ADA, "en")

    round_()

    assert mailbox.letters() == []
    assert Reader.objects.exists()
    assert SealedRecord.objects.exists()


class TestAQuestion:
    @pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
    def test_is_answered_by_letter_with_all_that_we_hold(
        self, room, subscribe, unlocked, mailbox, language
    ):
        subscribe(ADA, BOB)
        remind(room, "ADA@example.org")
        data_requests.ask(room, "question", ADA, language)

        round_()

        letter = mailbox.only()
        text = letter.get_body(("plain",)).get_content()
        assert letter["To"] == ADA
        assert all(said in text for said in ("friday", "2026-11-20", "2027-01-01"))
        assert SealedRecord.objects.count() == 1  # the reminder

    def test_names_a_newsletter_as_its_readers_know_it(
        self, room, friday, subscribe, unlocked, mailbox
    ):
        subscribe(ADA)
        data_requests.ask(room, "question", ADA, "en")

        round_()

        text = mailbox.only().get_body(("plain",)).get_content()
        assert "“The Friday Scales”" in text

    def test_about_an_address_that_we_do_not_know_is_answered_too(self, room, unlocked, mailbox):
        """Else who asks for somebody else's address would learn from the silence."""
        data_requests.ask(room, "question", ADA, "en")

        round_()

        assert "Nothing but this question" in mailbox.only().get_body(("plain",)).get_content()

    @pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
    def test_tells_how_many_letters_nobody_answered_and_what_was_said(
        self, room, unlocked, mailbox, language
    ):
        note = unanswered.note(ADA, "en", NOON)
        for _ in range(2):
            store.keep_record(note, room.keys)
        say(room, ADA, "stop")
        data_requests.ask(room, "question", ADA, language)

        round_()

        text = mailbox.only().get_body(("plain",)).get_content()
        assert ": 2." in text
        assert text.count("\n- ") == 2

    def test_asked_ten_times_is_answered_once(self, room, unlocked, mailbox):
        for _ in range(10):
            data_requests.ask(room, "question", ADA, "en")

        round_()

        assert len(mailbox.letters()) == 1

    def test_by_who_has_many_newsletters_finds_room(self, room, subscribe, unlocked, mailbox):
        from tamizdat.readers.models import Subscription

        subscribe(ADA)
        one = Subscription.objects.get()
        for n in range(19):
            one.pk, one.newsletter = None, f"a-newsletter-with-a-long-name-{n}"
            one.key = one._meta.get_field("key").default()
            one.leave_token = str(n)
            one.save()
        data_requests.ask(room, "question", ADA, "en")

        round_()

        assert "long-name-18" in mailbox.only().get_body(("plain",)).get_content()


class TestAnErasure:
    def test_forgets_everything_with_this_address_and_nobody_else(
        self, room, subscribe, unlocked, mailbox
    ):
        subscribe(ADA, BOB)
        remind(room, ADA)
        remind(room, BOB)
        sign_up(room, ADA)
        sign_up(room, BOB)
        data_requests.ask(room, "erasure", "ADA@example.org", "en")

        round_()

        assert Reader.objects.count() == 1
        assert SealedRecord.objects.count() == 1
        assert Pending.objects.count() == 1
        assert mailbox.recipients() == [BOB]

    def test_forgets_how_many_letters_nobody_answered(self, room, unlocked, mailbox):
        for _ in range(3):
            store.keep_record(unanswered.note(ADA, "en", NOON), room.keys)
        round_()
        assert (Unanswered.objects.count(), SealedRecord.objects.count()) == (1, 1)
        data_requests.ask(room, "erasure", ADA, "en")

        round_(NOON + timedelta(days=1))

        assert not Unanswered.objects.exists()
        assert not SealedRecord.objects.exists()

    def test_leaves_that_nothing_more_is_to_be_written(self, room, unlocked, mailbox):
        """Else the next form that a stranger fills in would bring a letter."""
        say(room, ADA, "stop")
        data_requests.ask(room, "erasure", ADA, "en")
        round_()
        remind(room, ADA)

        round_(NOON + timedelta(days=60))

        assert mailbox.letters() == []
        assert SealedRecord.objects.count() == 1

    def test_comes_before_any_letter_to_this_address(self, room, unlocked, mailbox):
        remind(room, ADA)
        data_requests.ask(room, "question", ADA, "en")
        data_requests.ask(room, "erasure", ADA, "en")

        round_(NOON + timedelta(days=60))

        assert mailbox.letters() == []
        assert not SealedRecord.objects.exists()
        assert not Letter.objects.exists()


def test_what_no_letter_could_reach_is_refused(room):
    with pytest.raises(AddressError):
        data_requests.ask(room, "question", "ada", "en")

    assert not SealedRecord.objects.exists()


def test_an_erasure_leaves_no_copy_of_a_sign_up_that_waits(room, unlocked):
    """Its letter was deleted; what an unattended key opens lay for two days more."""
    sign_up(room, ADA)
    data_requests.ask(room, "erasure", ADA, "en")

    sealed_records.look(NOON)

    assert not Pending.objects.exists()
    assert not UnattendedCopy.objects.exists()
