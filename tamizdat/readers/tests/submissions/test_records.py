"""From a submission to a reader on record, and back to nothing."""

import json
from base64 import b64encode
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from tamizdat.readers import actions, keys, tokens
from tamizdat.readers.counter.models import Envelope as Row
from tamizdat.readers.keys import letters_key, unattended
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import (
    Collected,
    FormerLeaveLink,
    Pending,
    Reader,
    Subscription,
    UnattendedCopy,
)
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import records, seal
from tamizdat.readers.sealing.records import Record
from tamizdat.readers.submissions import collecting, registry
from tests.told_to_stop import told_to_stop

pytestmark = pytest.mark.django_db(databases=["default", "counter"])

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADA = "ada@example.org"


@pytest.fixture(autouse=True)
def no_limits_of_other_tests():
    limits.forget()


@pytest.fixture
def folder(keyed_newsroom):
    unattended.rotate(keyed_newsroom.keys, NOON)
    return keyed_newsroom.keys


@pytest.fixture
def sign_up(folder):
    """Somebody signs up; the desk collects it, and the confirmation letter is handed over."""

    def sign_up(address=ADA, newsletters=("friday",), at=NOON, language="en", consent="1.0"):
        expected = actions.expect(
            submission(folder, address, newsletters, language, consent), folder, at
        )
        actions.recognise(expected.id, folder, address, at)
        return tokens.token(letters_key(folder), "confirm", expected.id.hex)

    return sign_up


def submission(folder, address, newsletters=("friday",), language="en", consent="1.0"):
    payload = {
        "sealed": {
            "reader": b64encode(seal(address, keys.reader_public(folder))).decode(),
            "unattended": second_seal(folder, address, language),
        },
        "newsletters": list(newsletters),
        "language": language,
        "consent": {"version": consent, "sha256": "0" * 64},
    }
    return registry.Submission(Row().id, "subscribe", NOON.date(), payload)


def second_seal(folder, address, language):
    name = unattended.pairs(folder)[-1].name
    record = Record("subscribe", address, language)
    sealed = records.seal(record, unattended.public(folder, name))
    return {"key": name, "sealed": b64encode(sealed).decode()}


def confirm(token, folder, at=NOON):
    return actions.confirm(tokens.digest(token), folder, at)


def leave(subscription, folder):
    token = tokens.token(letters_key(folder), "leave", subscription.key.hex)
    return actions.leave(tokens.digest(token), NOON.date())


def test_nobody_is_on_record_before_they_confirm(sign_up, folder):
    token = sign_up()
    assert not Reader.objects.exists()

    assert confirm(token, folder)

    subscription = Subscription.objects.get()
    assert subscription.state == "active"
    assert subscription.consent_version == "1.0"
    assert subscription.consent_day == date(2026, 11, 20)
    assert not Pending.objects.exists()


def test_confirming_twice_changes_nothing(sign_up, folder):
    token = sign_up()
    confirm(token, folder)

    assert not confirm(token, folder)
    assert Subscription.objects.count() == 1


class TestWhoIsKnownAlready:
    """Only an unlock can tell. Until then the same person may be on record twice."""

    def test_a_new_reader_has_no_tag_before_the_next_unlock(self, sign_up, folder):
        confirm(sign_up(), folder)

        assert Reader.objects.get().tag is None

    def test_signing_up_twice_makes_one_reader_at_the_next_unlock(self, sign_up, folder):
        confirm(sign_up(), folder)
        confirm(sign_up("ADA@example.org", consent="2.0"), folder)
        assert Reader.objects.count() == 2

        merge_all("the tag of Ada")

        assert Reader.objects.count() == 1
        assert Subscription.objects.get().consent_version == "2.0"

    def test_other_newsletters_join(self, sign_up, folder):
        confirm(sign_up(), folder)
        confirm(sign_up(newsletters=("courts", "friday")), folder)

        merge_all("the tag of Ada")

        reader = Reader.objects.get()
        assert sorted(reader.subscriptions.values_list("newsletter", flat=True)) == [
            *("courts", "friday"),
        ]

    def test_the_link_of_an_old_letter_still_leaves(self, sign_up, folder):
        confirm(sign_up(), folder)
        old = Subscription.objects.get()
        confirm(sign_up(), folder)

        merge_all("the tag of Ada")

        assert leave(old, folder)
        assert not Reader.objects.exists()

    def test_the_link_of_each_letter_still_leaves(self, sign_up, folder):
        """Also of those that went out while the same person was on record twice."""
        for _ in range(4):
            confirm(sign_up(), folder)
        four = list(Subscription.objects.all())
        merge_all("the tag of Ada")
        assert Subscription.objects.count() == 1

        for each in four:
            with suppress(LookupError), transaction.atomic():
                assert leave(each, folder)
                assert not Reader.objects.exists()
                assert not FormerLeaveLink.objects.exists()
                raise LookupError

    def test_merging_again_changes_nothing(self, sign_up, folder):
        confirm(sign_up(), folder)
        merge_all("the tag of Ada")

        merge_all("the tag of Ada")

        assert Reader.objects.get().tag == "the tag of Ada"


def merge_all(tag):
    for pk in Reader.objects.order_by("pk").values_list("pk", flat=True):
        actions.merge(pk, tag, b"sealed anew")


def test_a_sign_up_is_forgotten_after_two_days(sign_up, folder):
    token = sign_up()

    assert actions.expire(folder, NOON + timedelta(hours=47)) == 0
    assert actions.expire(folder, NOON + timedelta(hours=48)) == 1
    assert not confirm(token, folder)
    assert not Reader.objects.exists()


def test_who_confirms_too_late_is_refused_even_before_the_sign_up_is_forgotten(sign_up, folder):
    token = sign_up()

    assert not confirm(token, folder, NOON + timedelta(hours=48))
    assert not Reader.objects.exists()


def test_leaving_the_last_newsletter_forgets_the_reader(sign_up, folder):
    confirm(sign_up(), folder)
    subscription = Subscription.objects.get()

    assert leave(subscription, folder)
    assert not Reader.objects.exists()
    assert not leave(subscription, folder)


@pytest.mark.parametrize("added", ["x" * 65, "x" * 8000, "a b", "\n", "", 7, None], ids=repr)
def test_what_is_no_newsletter_s_code_is_left_out_of_a_sign_up(sign_up, folder, added):
    """A counter that somebody broke into would keep an honest reader from being on record."""
    confirm(sign_up(newsletters=("friday", added)), folder)

    assert [each.newsletter for each in Subscription.objects.all()] == ["friday"]


def test_leaving_one_of_two_keeps_the_other(sign_up, folder):
    confirm(sign_up(newsletters=("friday", "courts")), folder)

    leave(Subscription.objects.get(newsletter="friday"), folder)

    assert dict(Subscription.objects.values_list("newsletter", "state")) == {
        "friday": "left",
        "courts": "active",
    }


def test_who_comes_back_can_leave_by_the_link_of_an_old_letter(sign_up, folder):
    confirm(sign_up(newsletters=("friday", "courts")), folder)
    old = Subscription.objects.get(newsletter="friday")
    leave(old, folder)
    confirm(sign_up(), folder)
    merge_all("the tag of Ada")

    assert Subscription.objects.get(newsletter="friday").state == "active"
    assert leave(old, folder)


class TestNoFormFloodsAMailbox:
    def ask(self, folder, at=NOON, address=ADA):
        expected = actions.expect(submission(folder, address), folder, at)
        return actions.recognise(expected.id, folder, address, at)

    def test_one_confirmation_is_open_at_a_time(self, folder):
        assert [self.ask(folder) for _ in range(40)] == [True, *[False] * 39]

    def test_also_after_a_restart_and_with_another_key(self, folder):
        assert self.ask(folder)
        limits.forget()
        later = NOON + timedelta(hours=13)
        unattended.rotate(folder, later)

        assert not self.ask(folder, later)
        assert not self.ask(folder, later, "ada+again@example.org")

    def test_a_second_one_comes_after_it_expired_and_a_third_after_seven_days(self, folder):
        asked = [self.ask_on(folder, day) for day in range(15)]

        assert asked == [day in (0, 2, 7, 9, 14) for day in range(15)]

    def ask_on(self, folder, day):
        at = NOON + timedelta(days=day)
        unattended.rotate(folder, at)
        actions.expire(folder, at)
        return self.ask(folder, at)

    def test_who_confirms_is_not_limited(self, folder, sign_up):
        for newsletter in "abcde":
            assert confirm(sign_up(newsletters=(newsletter,)), folder)

        assert Subscription.objects.count() == 5

    def test_trying_the_same_letter_again_is_not_counted(self, folder):
        expected = actions.expect(submission(folder, ADA), folder, NOON)

        assert all(actions.recognise(expected.id, folder, ADA, NOON) for _ in range(5))


def test_a_sign_up_sealed_to_a_key_that_is_gone_has_no_copy(folder):
    known = submission(folder, ADA)
    gone = {**known.payload["sealed"]["unattended"], "key": "2026-11-01T00-00000000"}
    sealed = {**known.payload["sealed"], "unattended": gone}
    late = registry.Submission(known.id, known.kind, known.day, {**known.payload, "sealed": sealed})

    assert actions.expect(late, folder, NOON).copy is None
    assert Pending.objects.exists()


def test_copies_go_after_48_hours_whatever_happened(folder, sign_up):
    sign_up()
    copy = UnattendedCopy.objects.get()
    assert copy.until == datetime(2026, 11, 22, 12, tzinfo=UTC)

    assert store.purge(NOON + timedelta(hours=47, minutes=59)) == 0
    assert store.purge(NOON + timedelta(hours=48)) == 1


@pytest.mark.parametrize("minute", [0, 1, 59])
def test_a_copy_never_lasts_longer_and_a_link_never_shorter_than_promised(minute):
    at = NOON + timedelta(minutes=minute, seconds=7 * bool(minute))

    assert timedelta(0) <= at - store.full_hour_before(at) < timedelta(hours=1)
    assert timedelta(0) <= store.full_hour_after(at) - at < timedelta(hours=1)


def test_no_column_holds_an_address_or_a_token(sign_up, folder):
    token = sign_up()
    confirm(sign_up("bob@example.org"), folder)

    rows = [
        str(list(model.objects.values_list()))
        for model in (Pending, Reader, Subscription, Collected, UnattendedCopy)
    ]
    assert ADA not in "".join(rows)
    assert "bob@" not in "".join(rows)
    assert token not in "".join(rows)


class TestCollecting:
    @pytest.fixture
    def acted(self, monkeypatch):
        """Handlers that note what they did: of notes, of what fails, of what is unreadable."""
        acted = []
        monkeypatch.setattr(registry, "_handlers", {})
        registry.register("note", lambda submission, _at: acted.append(submission.text("n")))
        registry.register("fails", _fail)
        return acted

    def test_each_submission_has_its_effect_once_and_is_gone(self, acted):
        for n in "123":
            put("note", {"n": n})

        assert collecting.collect(NOON) == 3
        assert collecting.collect(NOON) == 0
        assert sorted(acted) == ["1", "2", "3"]
        assert not Row.objects.exists()
        assert not Collected.objects.exists()

    def test_who_is_told_to_stop_does_the_rest_the_next_time(self, acted):
        for n in "123":
            put("note", {"n": n})

        with told_to_stop(after=2):
            assert collecting.collect(NOON) == 2
        assert Row.objects.count() == 1
        assert collecting.collect(NOON) == 1

        assert sorted(acted) == ["1", "2", "3"]

    def test_a_crash_before_the_deletion_repeats_nothing(self, acted, monkeypatch):
        put("note", {"n": "1"})
        with monkeypatch.context() as crashing:
            crashing.setattr(collecting, "_clear_away", _fail)
            with pytest.raises(ZeroDivisionError):
                collecting.collect(NOON)

        collecting.collect(NOON)

        assert acted == ["1"]
        assert not Row.objects.exists()

    def test_one_that_fails_waits_and_keeps_no_other_waiting(self, acted, caplog):
        put("fails", {"secret": "ada@example.org"})
        put("note", {"n": "1"})

        assert collecting.collect(NOON) == 1
        assert acted == ["1"]
        assert Row.objects.get().kind == "fails"
        assert not Collected.objects.exists()
        assert "ZeroDivisionError" in caplog.text
        assert "ada@" not in caplog.text

    @pytest.mark.parametrize("payload", ["no json", "[]", '{"n": 1}', '{"n": ""}', "{}"])
    def test_what_no_counter_of_ours_made_is_thrown_away(self, acted, caplog, payload):
        Row.objects.create(kind="note", day=NOON.date(), payload=payload)

        collecting.collect(NOON)

        assert acted == []
        assert not Row.objects.exists()
        assert "thrown away" in caplog.text

    def test_a_kind_that_nobody_acts_on_waits(self, acted):
        put("of tomorrow", {})

        assert collecting.collect(NOON) == 0
        assert Row.objects.exists()


def put(kind, payload):
    Row.objects.create(kind=kind, day=NOON.date(), payload=json.dumps(payload))


def _fail(*_about):
    raise ZeroDivisionError("ada@example.org")
