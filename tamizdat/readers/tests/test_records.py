"""From an envelope to a reader on record, and back to nothing."""

import json
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta

import pytest

from tamizdat.readers import actions, collecting, envelopes, keys, tokens
from tamizdat.readers.addresses import tag
from tamizdat.readers.counter.models import Envelope as Row
from tamizdat.readers.models import Collected, Pending, Reader, Subscription
from tamizdat.readers.sealing import seal

pytestmark = pytest.mark.django_db(databases=["default", "counter"])

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ADA = "ada@example.org"


@pytest.fixture
def folder(keyed_newsroom):
    return keyed_newsroom.keys


@pytest.fixture
def sign_up(folder):
    """Somebody signs up; the desk collects it, and the confirmation letter is handed over."""

    def sign_up(address=ADA, newsletters=("friday",), at=NOON, language="en", consent="1.0"):
        expected = actions.expect(
            envelope(folder, address, newsletters, language, consent), folder, at
        )
        actions.recognise(expected.id, tag(folder, address), at)
        return tokens.token(folder, "confirm", expected.id.hex)

    return sign_up


def envelope(folder, address, newsletters=("friday",), language="en", consent="1.0"):
    sealed = {
        name: b64encode(seal(address, keys.public(folder, name))).decode()
        for name in ("reader", "errand")
    }
    payload = {
        "sealed": sealed,
        "newsletters": list(newsletters),
        "language": language,
        "consent": {"version": consent, "sha256": "0" * 64},
    }
    return envelopes.Envelope(Row().id, "subscribe", NOON.date(), payload)


def confirm(token, folder, at=NOON):
    return actions.confirm(tokens.digest(token), folder, at)


def leave(subscription, folder):
    token = tokens.token(folder, "leave", subscription.key.hex)
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


def test_signing_up_twice_makes_one_reader(sign_up, folder):
    for address in (ADA, "ADA@example.org"):
        confirm(sign_up(address, consent="1.0" if address == ADA else "2.0"), folder)

    assert Reader.objects.count() == 1
    assert Subscription.objects.get().consent_version == "2.0"


def test_a_sign_up_is_forgotten_after_two_days(sign_up, folder):
    token = sign_up()

    assert actions.expire(NOON + timedelta(hours=47)) == 0
    assert actions.expire(NOON + timedelta(hours=48)) == 1
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

    assert Subscription.objects.get(newsletter="friday").state == "active"
    assert leave(old, folder)


def test_our_confirmations_cannot_flood_a_mailbox(folder):
    allowed = [
        actions.recognise(actions.expect(envelope(folder, ADA), folder, NOON).id, "tag", NOON)
        for _ in range(5)
    ]

    assert allowed == [True, True, True, False, False]


def test_no_column_holds_an_address_or_a_token(sign_up, folder):
    token = sign_up()
    confirm(sign_up("bob@example.org"), folder)

    rows = [
        str(list(model.objects.values_list()))
        for model in (Pending, Reader, Subscription, Collected)
    ]
    assert ADA not in "".join(rows)
    assert "bob@" not in "".join(rows)
    assert token not in "".join(rows)


class TestCollecting:
    @pytest.fixture
    def acted(self, monkeypatch):
        """Handlers that note what they did: of notes, of what fails, of what is unreadable."""
        acted = []
        monkeypatch.setattr(envelopes, "_handlers", {})
        envelopes.register("note", lambda envelope, _at: acted.append(envelope.text("n")))
        envelopes.register("fails", _fail)
        return acted

    def test_each_envelope_has_its_effect_once_and_is_gone(self, acted):
        for n in "123":
            put("note", {"n": n})

        assert collecting.collect(NOON) == 3
        assert collecting.collect(NOON) == 0
        assert sorted(acted) == ["1", "2", "3"]
        assert not Row.objects.exists()
        assert not Collected.objects.exists()

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
