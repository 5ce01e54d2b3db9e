"""Another newsroom's key files lie in keys/ for a while: nothing of ours is lost, or made useless.

What the desk would have done with them waits, and is done once our files are back.
"""

import base64
import html
import re
import secrets
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.letters import data_requests, tasks
from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.keyring import answers, keyring
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_confirming import press_the_link_in, put, sign_up
from tamizdat.letters.tests.delivery.test_data_requests import remind, say
from tamizdat.letters.tests.delivery.test_forged_sign_ups import on_record, send_an_issue, unlock
from tamizdat.lib import alerts
from tamizdat.readers import actions, keys, lost_letters_key, publishing
from tamizdat.readers.counter.models import Published
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import (
    FoundedKey,
    Pending,
    Reader,
    SealedRecord,
    Subscription,
    UnattendedCopy,
)
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting
from tamizdat.readers.tasks import sweep
from tamizdat.readers.tokens import digest, token
from tests.restarting import restart_letters

__all__ = ["on_record", "sign_up", "unlock"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, BOB = "ada@example.org", "bob@example.org"
FOREIGN = {
    "reader.public": lambda: base64.b64encode(keys.fresh_pair()[1]),
    "letters.key": lambda: secrets.token_hex(32).encode(),
}
LATER = NOON + timedelta(hours=5)  # letters that could not be written are tried again by then


@pytest.fixture
def founded(room):
    """A newsroom that knows the keys that it was founded with."""
    founded_keys.remember(room.keys)
    publishing.change_keys(room, NOON)
    return room


@pytest.fixture
def swap(founded):
    """Put a foreign file in place of ours; what it returns puts ours back."""

    def swap(name):
        path = founded.keys / name
        ours = path.read_bytes()
        path.write_bytes(FOREIGN[name]())
        return lambda: path.write_bytes(ours)

    return swap


def round_(at=NOON):
    sweep(at)
    collecting.collect(at)
    merging.merge_readers(at)
    sealed_records.look(at)
    deliver_due(at)


EITHER = pytest.mark.parametrize("name", list(FOREIGN))


@EITHER
def test_a_sign_up_meanwhile_waits_and_is_answered_afterwards(
    founded, sign_up, mailbox, swap, unlock, on_record, name
):
    sign_up(ADA)
    back = swap(name)
    round_()
    assert mailbox.letters() == []

    back()
    round_(LATER)
    press_the_link_in(mailbox.only())
    collecting.collect(LATER)
    unlock()
    round_(LATER)

    assert on_record() == [ADA]


SPOILT = {
    "another newsroom's": lambda path: path.write_bytes(FOREIGN[path.name]()),
    "missing": lambda path: path.unlink(),
    "damaged": lambda path: path.write_bytes(b"\xff"),
}


@EITHER
@pytest.mark.parametrize("how", SPOILT)
def test_a_sign_up_is_forgotten_after_two_days_all_the_same(founded, sign_up, name, how):
    sign_up(ADA)
    round_()
    (note,) = Pending.objects.values_list("note", flat=True)
    SPOILT[how](founded.keys / name)
    sweep(NOON + timedelta(hours=49))

    assert not Pending.objects.exists()
    assert [bytes(row.sealed) for row in SealedRecord.objects.all()] == [bytes(note)]


@pytest.mark.parametrize("restarted", [False, True])
def test_letters_key_tells_no_note_from_another_record(founded, sign_up, swap, restarted):
    """Else whoever has it later could say which of the records are of letters that went out."""
    remind(founded, BOB)
    sign_up(ADA)
    round_()
    back = swap("letters.key")
    sweep(NOON + timedelta(hours=49))
    if restarted:
        restart_letters()
    sweep(NOON + timedelta(hours=50))
    back()
    sweep(NOON + timedelta(hours=51))

    made = {digest(store.reply_token(founded.keys, row.pk)) for row in SealedRecord.objects.all()}
    assert {row.reply for row in SealedRecord.objects.all()} == made
    assert len(made) == 2


def test_a_sign_up_is_forgotten_though_its_note_cannot_be_kept(founded, sign_up, monkeypatch):
    def fails(*_about):
        raise ValueError

    sign_up(ADA)
    round_()
    monkeypatch.setattr(store, "keep_note", fails)
    sweep(NOON + timedelta(hours=49))

    assert not Pending.objects.exists()
    assert not SealedRecord.objects.exists()


@EITHER
def test_who_confirms_meanwhile_has_links_that_work(
    founded, sign_up, mailbox, swap, unlock, on_record, name
):
    sign_up(ADA)
    round_()
    back = swap(name)
    press_the_link_in(mailbox.only())
    round_()
    back()
    round_(LATER)
    unlock()
    round_(LATER)

    (subscription,) = Subscription.objects.all()
    link = token(keys.letters_key(founded.keys), "leave", subscription.key.hex)
    assert subscription.leave_token == digest(link)
    assert on_record() == [ADA]


@EITHER
@pytest.mark.parametrize("kind", data_requests.KINDS)
def test_a_request_meanwhile_is_refused_and_not_lost(founded, subscribe, swap, unlock, name, kind):
    subscribe(ADA)
    back = swap(name)
    with pytest.raises(keys.KeysError, match=name):
        data_requests.ask(founded, kind, ADA, "en")

    back()
    assert not SealedRecord.objects.exists()


@EITHER
def test_what_waits_sealed_is_left_alone(founded, swap, unlock, subscribe, on_record, name):
    subscribe(ADA)
    remind(founded, ADA)
    say(founded, ADA, "yes")
    data_requests.ask(founded, "erasure", ADA, "en")
    unlock()
    back = swap(name)
    round_()

    assert SealedRecord.objects.count() == 3
    back()
    round_(LATER)
    assert not Reader.objects.exists(), "the erasure was carried out"
    assert not SealedRecord.objects.exists()


@EITHER
def test_known_readers_stay_sealed_to_our_key(founded, subscribe, swap, unlock, on_record, name):
    subscribe(ADA)
    unlock()
    back = swap(name)
    merging.merge_readers(NOON)
    back()

    assert on_record() == [ADA]


def test_no_issue_leaves_with_links_that_will_never_work(
    founded, friday, subscribe, mailbox, swap, unlock
):
    subscribe(ADA)
    back = swap("letters.key")
    send_an_issue(friday, unlock)
    assert mailbox.letters() == []

    back()
    unlock()
    deliver_due(NOON + timedelta(days=31))
    text = mailbox.only().get_body(("plain",)).get_content()
    put("leave", token=digest(re.search(r"/leave/([a-z2-7]{26})", text)[1]))
    collecting.collect(NOON)
    assert not Reader.objects.exists()


class TestAForeignPair:
    """Both halves are another newsroom's, and somebody knows its passphrase."""

    @pytest.fixture
    def foreign(self, founded, tmp_path):
        def foreign():
            keys.make(tmp_path / "other", "another passphrase")
            for name in ("reader.public", "reader.private"):
                shutil.copy(tmp_path / "other" / name, founded.keys)

        return foreign

    @pytest.fixture
    def unlock_it(self, founded):
        yield lambda: answers(founded, founded_keys.must_open_ours)["unlock"](
            bytearray(b"another passphrase")
        )
        keyring.lock()

    def test_is_not_unlocked_and_nothing_is_deleted(
        self, founded, subscribe, sign_up, friday, foreign, unlock_it
    ):
        subscribe(ADA)
        remind(founded, ADA)
        sign_up("eve@example.org")
        collecting.collect(NOON)
        UnattendedCopy.objects.all().delete()  # the relay was away for two days
        before = Letter.objects.count()
        foreign()

        assert unlock_it() == "foreign"
        round_()

        assert SealedRecord.objects.count() == 1
        assert Pending.objects.count() == 1
        assert Letter.objects.count() == before

    def test_ours_is_unlocked_where_its_public_half_is_back(self, founded):
        with_ours = answers(founded, founded_keys.must_open_ours)
        assert with_ours["unlock"](bytearray(b"open sesame")).startswith("unlocked")
        keyring.lock()


class TestAnOlderNewsroom:
    """Its program remembered no key, and a foreign file lies there at the first start."""

    @pytest.fixture
    def older(self, founded, subscribe):
        subscribe(ADA)
        FoundedKey.objects.all().delete()
        return founded

    @EITHER
    def test_learns_no_wrong_key(self, older, swap, name):
        before = Published.objects.get(name="keys").text
        back = swap(name)
        founded_keys.remember(older.keys)
        publishing.change_keys(older, NOON)

        assert set(founded_keys.faults(older.keys)) == {name}
        back()
        assert founded_keys.faults(older.keys) == {}
        founded_keys.remember(older.keys)
        assert founded_keys.faults(older.keys) == {}
        assert Published.objects.get(name="keys").text == before

    @pytest.fixture
    def givers(self, older):
        """It has no subscribers: only what it sealed itself can judge a key."""
        store.keep_record(Record("stopped", BOB, "en"), older.keys)
        remind(older, ADA)
        Subscription.objects.all().delete()
        return older

    @pytest.fixture
    def signing_up(self, older, sign_up):
        """It has neither: somebody is about to confirm."""
        sign_up(BOB)
        collecting.collect(NOON)
        Subscription.objects.all().delete()
        return older

    @pytest.mark.parametrize("remembers", [founded_keys.remember, lambda _keys: None])
    def test_of_givers_deletes_nothing_with_a_wrong_key(self, givers, swap, unlock, remembers):
        back = swap("letters.key")
        remembers(givers.keys)
        unlock()
        round_()

        assert SealedRecord.objects.count() == 2
        assert set(founded_keys.faults(givers.keys)) == {"letters.key"}
        back()
        founded_keys.remember(givers.keys)
        assert founded_keys.faults(givers.keys) == {}
        round_(LATER)
        assert SealedRecord.objects.count() == 2

    def test_that_only_awaits_a_confirmation_learns_no_wrong_key(self, signing_up, swap):
        back = swap("letters.key")
        founded_keys.remember(signing_up.keys)

        assert set(founded_keys.faults(signing_up.keys)) == {"letters.key"}
        back()
        assert founded_keys.faults(signing_up.keys) == {}

    @pytest.mark.parametrize("others", [0, 1])
    def test_believes_no_wrong_key_because_its_readers_left(self, older, swap, others):
        for _ in range(others):
            store.keep_record(Record("stopped", BOB, "en"), older.keys)
        swap("letters.key")
        founded_keys.remember(older.keys)
        actions.leave(Subscription.objects.get().leave_token, NOON.date())
        founded_keys.remember(older.keys)

        assert set(founded_keys.faults(older.keys)) == {"letters.key"}

    @pytest.fixture
    def forgotten(self, older, sign_up, swap):
        """A sign-up expires while no key is there. Nothing but its note is left when it is back."""
        Subscription.objects.all().delete()
        sign_up(BOB)
        round_()
        path = older.keys / "letters.key"
        ours = path.read_bytes()
        path.unlink()
        founded_keys.remember(older.keys)
        sweep(NOON + timedelta(hours=49))
        assert (SealedRecord.objects.count(), Pending.objects.count()) == (1, 0)
        path.write_bytes(ours)
        return older

    def test_knows_its_own_key_by_a_note_that_was_kept_without_it(self, forgotten, unlock):
        founded_keys.remember(forgotten.keys)
        sweep(LATER)
        sealed_records.look(LATER)
        (told,) = alerts.standing(forgotten.data)
        assert founded_keys.IF_OURS in told.do

        unlock()
        tasks.sweep(LATER)

        assert founded_keys.faults(forgotten.keys) == {}
        assert alerts.standing(forgotten.data) == []
        founded_keys.remember(forgotten.keys)
        assert founded_keys.faults(forgotten.keys) == {}

    def test_answers_who_signs_up_once_its_key_is_back(self, forgotten, unlock, sign_up, mailbox):
        founded_keys.remember(forgotten.keys)
        sign_up(ADA)
        round_(LATER)
        assert ADA not in mailbox.recipients()

        unlock()
        tasks.sweep(LATER)
        round_(LATER)

        assert ADA in mailbox.recipients()

    @pytest.mark.parametrize("remembers", [founded_keys.remember, lambda _keys: None])
    def test_takes_no_wrong_key_for_its_own_at_an_unlock(self, forgotten, swap, unlock, remembers):
        back = swap("letters.key")
        remembers(forgotten.keys)
        unlock()
        tasks.sweep(LATER)
        assert set(founded_keys.faults(forgotten.keys)) == {"letters.key"}

        back()
        tasks.sweep(LATER)
        assert founded_keys.faults(forgotten.keys) == {}

    def test_that_lost_its_key_goes_on_with_a_new_one(self, older, swap):
        swap("letters.key")
        founded_keys.remember(older.keys)
        actions.leave(Subscription.objects.get().leave_token, NOON.date())
        (older.keys / "letters.key").unlink()
        lost_letters_key.renew(older.keys)

        assert founded_keys.faults(older.keys) == {}

    def test_that_has_neither_readers_nor_a_counter_believes_its_files(self, older, swap):
        Subscription.objects.all().delete()
        Published.objects.all().delete()
        founded_keys.remember(older.keys)

        assert founded_keys.faults(older.keys) == {}
        swap("letters.key")
        assert set(founded_keys.faults(older.keys)) == {"letters.key"}

    @pytest.mark.parametrize("at_once", [500, 4], ids=["in one query", "in several"])
    def test_whose_letters_key_was_replaced_long_ago_knows_it(
        self, older, subscribe, monkeypatch, at_once
    ):
        """Its oldest subscribers have links of the key before, its newest of a forgotten one."""
        monkeypatch.setattr(founded_keys, "AT_ONCE", at_once)
        subscribe(*(f"reader{n}@example.org" for n in range(60)))
        numbers = list(Subscription.objects.order_by("pk").values_list("pk", flat=True))
        for n in (*numbers[:30], *numbers[-30:]):
            Subscription.objects.filter(pk=n).update(leave_token=f"{n}")
        founded_keys.remember(older.keys)

        assert founded_keys.faults(older.keys) == {}


def test_an_issue_that_is_sent_meanwhile_waits_with_its_readers(
    founded, friday, subscribe, mailbox, swap, unlock
):
    subscribe(ADA)
    back = swap("reader.public")
    send_an_issue(friday, unlock)
    back()
    unlock()
    deliver_due(datetime.now(UTC))

    assert mailbox.recipients() == [ADA]
    assert Issue.objects.count() == 1


@EITHER
def test_the_desk_says_which_file_is_wrong_and_seals_nothing(founded, swap, editor, name):
    back = swap(name)
    page = editor.post(
        "/desk/letters/data-requests/",
        {"kind": "question", "address": ADA, "language": "en"},
        follow=True,
    )
    back()

    said = html.unescape(page.content.decode())
    assert f"keys/{name} does not hold this newsroom's key." in said
    assert not SealedRecord.objects.exists()
