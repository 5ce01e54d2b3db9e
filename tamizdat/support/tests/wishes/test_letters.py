"""Reminders and receipts: sealed wishes that wait, one letter, and then nothing."""

from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.money import Money
from tamizdat.readers.sealed_records.wishes import Wish
from tamizdat.support.till_client import Charged, ContributionStatus
from tamizdat.support.tokens import digest
from tamizdat.support.wishes import receipts, reminders
from tamizdat.support.wishes.reminders import Reminder

FIRST = date(2026, 12, 1)
DAY = timedelta(days=1)
SHOWN = {"manage_href": "x"}


def reminder_wish(details=None, *, again=False, key=None, mailbox="ada", limit=""):
    details = reminders.written(Reminder(due=FIRST)) if details is None else details
    return Wish(key or uuid4(), "reminder", "ru", details, again, mailbox, limit or mailbox)


def remind(wish, today, *others):
    return reminders.answer(wish, others, today, SHOWN)


class TestAReminder:
    def test_comes_in_its_month_and_not_before(self):
        early = remind(reminder_wish(), FIRST - DAY)
        assert (early.letters, early.keep) == ((), reminders.written(Reminder(due=FIRST)))

        (letter,) = remind(reminder_wish(), FIRST).letters
        assert (letter.template, letter.shown) == ("reminder", SHOWN)

    def test_is_one_letter_and_a_month_later_the_address_is_gone(self):
        details, letters, days = reminder_wish().details, 0, 0
        while details is not None and days < 400:
            answer = remind(reminder_wish(details), FIRST + days * DAY)
            letters, details, days = letters + len(answer.letters), answer.keep, days + 1

        assert (letters, days) == (1, 32)

    def test_comes_once_more_a_week_after_its_owner_pressed_the_button(self):
        asked = remind(reminder_wish(), FIRST).keep
        pressed = remind(reminder_wish(asked, again=True), FIRST + DAY)
        assert not pressed.letters

        early = remind(reminder_wish(pressed.keep), FIRST + 8 * DAY)
        assert not early.letters
        second = remind(reminder_wish(pressed.keep), FIRST + 9 * DAY)
        assert (len(second.letters), second.keep["sent"]) == (1, 2)

    def test_that_nobody_could_send_for_a_season_is_not_sent_any_more(self):
        late = remind(reminder_wish(), FIRST + 100 * DAY)

        assert (late.letters, late.keep) == ((), None)

    @pytest.mark.parametrize(
        "details",
        [{}, {"due": "soon"}, {"due": 7}, {"due": ["x"]}, {"due": "2026-12-01", "sent": "many"}],
        ids=str,
    )
    def test_that_makes_no_sense_is_forgotten(self, details):
        answer = remind(reminder_wish(details), FIRST)

        assert (answer.letters, answer.keep) == ((), None)

    @pytest.mark.parametrize("far", [date(2030, 1, 1), date.max])
    def test_of_a_far_year_is_forgotten_for_no_form_of_ours_offers_it(self, far):
        """A counter that somebody broke into could have us keep an address for ever."""
        details = reminders.written(Reminder(due=far))

        assert remind(reminder_wish(details), FIRST).keep is None

    def test_for_which_there_is_no_room_ends_on_its_day_without_a_word(self):
        full = replace(reminder_wish(), remaining=0)

        assert remind(full, FIRST - DAY).keep is not None
        late = remind(full, FIRST)
        assert (late.letters, late.keep) == ((), None)

    def test_that_was_asked_for_in_a_letter_needs_no_room(self):
        asked = reminders.written(Reminder(due=FIRST, sent=1))

        (letter,) = remind(replace(reminder_wish(asked), remaining=0), FIRST).letters

        assert letter.asked


class TestManyRemindersOfOneMailbox:
    def day(self, wishes, today):
        """Return the letters of a day, and the wishes that remain."""
        letters, left = [], []
        for wish in wishes:
            answer = remind(wish, today, *(other for other in wishes if other is not wish))
            letters += answer.letters
            if answer.keep is not None:
                left.append(replace(wish, details=answer.keep, again=False))
        return letters, left

    @given(st.lists(st.integers(0, 200), min_size=1, max_size=40, unique=True))
    def test_make_one_letter(self, numbers):
        wishes = [reminder_wish(key=UUID(int=number)) for number in numbers]

        letters, left = self.day(wishes, FIRST)

        assert len(letters) == 1
        assert len(left) == 1

    def test_make_one_letter_however_the_mailbox_is_written(self):
        wishes = [reminder_wish(mailbox=f"ada+{n}", limit="ada") for n in range(20)]

        letters, left = self.day(wishes, FIRST)

        assert (len(letters), len(left)) == (1, 1)

    def test_a_new_one_waits_until_the_last_is_answered_or_over(self):
        _, (sent,) = self.day([reminder_wish()], FIRST)
        new = reminder_wish(reminders.written(Reminder(due=FIRST + 5 * DAY)))

        letters, both = self.day([sent, new], FIRST + 6 * DAY)
        assert (letters, len(both)) == ([], 2)
        _, (only,) = self.day(both, FIRST + 31 * DAY)
        letters, _ = self.day([only], FIRST + 32 * DAY)

        assert len(letters) == 1

    def test_another_mailbox_s_does_not_count(self):
        wishes = [reminder_wish(mailbox=name) for name in ("ada", "bob")]

        letters, _ = self.day(wishes, FIRST)

        assert len(letters) == 2


TOKEN = "abcdefghijklmnopqrstuvwxyz"
ASKED = date(2026, 11, 23)
MONTH = receipts.ANSWER_WITHIN
LATER = ASKED + 200 * DAY
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def receipt_wish(**details):
    said = {"token": TOKEN, "asked": ASKED.isoformat(), "each": False, **details}
    return Wish(uuid4(), "receipt", "en", said, mailbox="ada")


def welcome(wish):
    return replace(wish, details=receipts.welcomed(wish.details))


def contribution(*months, state="running", interval="month"):
    charges = [Charged(n, month, Money(500, "EUR")) for n, month in enumerate(months, start=1)]
    first = date(2026, 11, 1)
    return ContributionStatus(
        state, Money(500, "EUR"), interval, first, to_stop=False, next=None, charges=tuple(charges)
    )


def answer(wish, standing, today=ASKED):
    def shown(charge, asks):
        return {"n": charge.number, "asks": asks}

    return receipts.answer(wish, standing, today, shown)


class TestAReceipt:
    def test_comes_once_and_the_address_is_gone(self):
        given_once = contribution(NOVEMBER, state="paid", interval="once")

        said = answer(receipt_wish(), given_once)

        assert [letter.shown for letter in said.letters] == [{"n": 1, "asks": False}]
        assert said.keep is None

    def test_asks_for_a_button_where_each_was_wished_and_no_more_comes_without_it(self):
        first = answer(receipt_wish(each=True), contribution(NOVEMBER))
        assert [letter.shown for letter in first.letters] == [{"n": 1, "asks": True}]

        second = answer(receipt_wish(**first.keep), contribution(NOVEMBER, DECEMBER), ASKED + MONTH)

        assert (second.letters, second.keep) == ((), first.keep)
        over = answer(
            receipt_wish(**first.keep), contribution(NOVEMBER, DECEMBER), ASKED + MONTH + DAY
        )
        assert (over.letters, over.keep) == ((), None)

    def test_comes_for_each_charge_once_the_button_was_pressed_until_it_is_stopped(self):
        first = answer(receipt_wish(each=True), contribution(NOVEMBER))
        pressed = answer(welcome(receipt_wish(**first.keep)), contribution(NOVEMBER))
        assert not pressed.letters

        second = answer(receipt_wish(**pressed.keep), contribution(NOVEMBER, DECEMBER), LATER)
        assert [letter.shown for letter in second.letters] == [{"n": 2, "asks": False}]
        assert [letter.asked for letter in second.letters] == [True]
        stopped = contribution(NOVEMBER, DECEMBER, state="stopped")

        assert answer(receipt_wish(**second.keep), stopped, LATER).keep is None

    def test_brings_what_was_paid_while_the_button_was_not_pressed(self):
        first = answer(receipt_wish(each=True), contribution(NOVEMBER))

        said = answer(welcome(receipt_wish(**first.keep)), contribution(NOVEMBER, DECEMBER))

        assert [letter.shown["n"] for letter in said.letters] == [2]

    def test_of_many_charges_is_a_few_letters_a_look_until_all_have_come(self):
        """Who broke into the till could fill a mailbox whose owner said yes once."""
        many = contribution(*[NOVEMBER] * 8, state="stopped")
        details, came = receipt_wish(each=True, told=1, agreed=True).details, []
        while details is not None:
            said = answer(receipt_wish(**details), many, LATER)
            came.append([letter.shown["n"] for letter in said.letters])
            details = said.keep

        assert came == [[2, 3, 4], [5, 6, 7], [8]]

    def test_is_wanted_by_nobody_because_they_wanted_another(self):
        """A stranger's wish must not ride on a button that was pressed for something else."""
        said = answer(welcome(receipt_wish(each=True)), contribution(NOVEMBER))

        assert [(letter.asked, letter.shown["asks"]) for letter in said.letters] == [(False, True)]

    def test_waits_a_month_for_room(self):
        full = replace(receipt_wish(), remaining=0)

        assert answer(full, contribution(NOVEMBER), ASKED + MONTH).keep == full.details
        over = answer(full, contribution(NOVEMBER), ASKED + MONTH + DAY)
        assert (over.letters, over.keep) == ((), None)

    def test_needs_no_room_once_the_button_was_pressed(self):
        wish = replace(receipt_wish(each=True, told=1, agreed=True), remaining=0)

        assert len(answer(wish, contribution(NOVEMBER, DECEMBER)).letters) == 1

    def test_of_an_older_newsroom_asks_at_the_next_payment(self):
        old = receipt_wish(each=True, told=1)
        assert answer(old, contribution(NOVEMBER), LATER).keep == old.details

        (letter,) = answer(old, contribution(NOVEMBER, DECEMBER), LATER).letters

        assert letter.shown == {"n": 2, "asks": True}

    def test_that_changes_nothing_need_not_be_sealed_anew(self):
        """A copy that an unattended key opens is lost when a record is sealed anew."""
        wish = receipt_wish(each=True)

        assert answer(wish, contribution(state="processing")).keep == wish.details

    def test_is_only_of_the_last_charge_at_first(self):
        said = answer(receipt_wish(each=True), contribution(NOVEMBER, DECEMBER))

        assert [letter.shown for letter in said.letters] == [{"n": 2, "asks": True}]

    def test_of_what_is_not_settled_waits_a_fortnight(self):
        processing = contribution(state="processing")

        assert answer(receipt_wish(), processing, ASKED + 14 * DAY).keep is not None
        assert answer(receipt_wish(), processing, ASKED + 15 * DAY).keep is None

    @pytest.mark.parametrize("far", ["2030-01-01", "9999-12-31"])
    def test_of_a_later_day_than_today_is_forgotten(self, far):
        assert answer(receipt_wish(asked=far), None).keep is None

    def test_of_a_contribution_that_nobody_knows_ends_too(self):
        assert answer(receipt_wish(), None, ASKED + 15 * DAY).keep is None

    def test_goes_to_the_corrected_address_alone(self):
        first, second = receipt_wish(wish=1), receipt_wish(wish=2)
        said = [receipts.read(wish.details) for wish in (first, second)]

        assert receipts.is_corrected(said[0], [second])
        assert not receipts.is_corrected(said[1], [first])

    @pytest.mark.parametrize("said", [{"told": 1}, {"told": 1, "agreed": True}], ids=str)
    def test_that_went_once_is_replaced_by_no_correction(self, said):
        """A counter that somebody broke into can make a correction of any contribution."""
        went = receipts.read(receipt_wish(each=True, wish=1, **said).details)

        assert not receipts.is_corrected(went, [receipt_wish(wish=2)])

    @pytest.mark.parametrize("number", [0, 3, 10**9, -1])
    def test_is_a_first_wish_or_its_one_correction(self, number):
        assert receipts.read(receipt_wish(wish=number).details) is None

    @pytest.mark.parametrize("said", [{"until": LATER}, {"agreed": True}], ids=["asked", "agreed"])
    def test_of_a_till_put_back_from_a_backup_waits_a_month_for_it(self, said):
        until = {"until": said["until"].isoformat()} if "until" in said else {}
        wish = receipt_wish(each=True, told=1, **{**said, **until})
        waits = replace(wish, details=answer(wish, None, LATER).keep)
        assert receipts.read(waits.details).told == 1

        (letter,) = answer(
            replace(waits, details=receipts.welcomed(waits.details)),
            contribution(NOVEMBER, DECEMBER),
            LATER + DAY,
        ).letters
        assert letter.shown["n"] == 2
        assert answer(waits, None, LATER + 32 * DAY).keep is None

    def test_that_waited_for_the_till_waits_as_long_the_next_time(self):
        wish = receipt_wish(each=True, told=1, agreed=True)
        waits = answer(wish, None, LATER).keep
        known = answer(replace(wish, details=waits), contribution(NOVEMBER), LATER + 20 * DAY).keep
        again = answer(replace(wish, details=known), None, LATER + 40 * DAY).keep

        assert receipts.read(again).until == LATER + 40 * DAY + MONTH

    def test_of_an_older_newsroom_knows_only_the_token_s_hash(self):
        old = receipts.read({"token_hash": digest(TOKEN), "asked": ASKED.isoformat(), "told": 3})

        assert (old.token_hash, old.told) == (digest(TOKEN), 3)

    @pytest.mark.parametrize(
        "details",
        [{"token": "short"}, {"token": 7}, {"asked": "soon"}, {"told": "many"}, {"token": ["x"]}],
        ids=str,
    )
    def test_that_makes_no_sense_is_forgotten(self, details):
        said = answer(receipt_wish(**details), contribution(NOVEMBER))

        assert (said.letters, said.keep) == ((), None)


@pytest.mark.parametrize(
    ("standing", "interval"),
    [
        pytest.param({"state": "running"}, "month", id="running"),
        pytest.param({"state": "late"}, "month", id="late"),
        pytest.param({"state": "stopped"}, "once", id="stopped"),
        pytest.param({"state": "running", "to_stop": True}, "once", id="to be stopped"),
    ],
)
def test_a_receipt_promises_more_only_while_the_contribution_runs(standing, interval):
    from tamizdat.support.wishes.answering import _following

    assert _following(replace(contribution(NOVEMBER), **standing)) == interval


SEALED = b64encode(b"s" * 1904).decode()


@pytest.mark.django_db(databases=["default", "counter"])
class TestSubmissions:
    @pytest.fixture(autouse=True)
    def keys(self, newsroom):
        from tamizdat.readers.keys import make

        if not (newsroom.keys / "letters.key").exists():
            make(newsroom.keys, "a passphrase for the tests")

    def handle(self, kind, **payload):
        from tamizdat.readers.submissions import registry

        said = {"sealed": {"reader": SEALED}, **payload}
        submission = registry.Submission(uuid4(), kind, ASKED, said)
        registry.handler(kind)(submission, datetime(2026, 11, 23, 6, tzinfo=UTC))

    def records(self):
        from tamizdat.readers.models import SealedRecord

        return SealedRecord.objects

    @pytest.mark.parametrize("kind", ["remind", "receipt"])
    def test_become_sealed_records_that_say_nothing_of_their_kind(self, kind):
        self.handle(kind)

        row = self.records().get()
        assert bytes(row.sealed) == b"s" * 1904
        assert not row.again

    def test_the_link_of_a_letter_asks_for_more_or_deletes(self, newsroom):
        from tamizdat.readers.sealed_records.store import reply_token

        self.handle("remind")
        token = reply_token(newsroom.keys, self.records().get().pk)

        self.handle("remind_again", token=digest(token))
        assert self.records().get().again
        self.handle("cancel_reminder", token=digest(token))
        assert not self.records().exists()

    @pytest.mark.parametrize(
        ("kind", "payload"),
        [
            pytest.param("remind", {"sealed": {}}, id="no seal"),
            pytest.param("remind", {"sealed": []}, id="no seals"),
            pytest.param("remind", {"sealed": {"reader": "%"}}, id="no base64"),
            pytest.param("remind", {"sealed": {"reader": "A" * 9000}}, id="long"),
            pytest.param("receipt", {"sealed": {"reader": "QUFB"}}, id="short"),
            pytest.param(
                "receipt",
                {"sealed": {"reader": SEALED, "unattended": {"key": "x", "sealed": "%"}}},
                id="a second seal that is none",
            ),
            pytest.param("cancel_reminder", {"token": "x"}, id="no token's hash"),
            pytest.param("remind_again", {}, id="no token"),
        ],
    )
    def test_that_our_counter_never_makes_are_thrown_away(self, kind, payload):
        from tamizdat.readers.submissions.registry import UnreadableError

        with pytest.raises(UnreadableError):
            self.handle(kind, **payload)
        assert not self.records().exists()
