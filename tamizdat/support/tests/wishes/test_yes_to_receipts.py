"""Somebody says yes to a receipt of each payment: no way in which a look can end loses it."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.delivery.round_keys import EndedError
from tamizdat.letters.tests.conftest import NOON, key_folder, mailbox, reader_secret, room, unlocked
from tamizdat.letters.tests.delivery.test_data_requests import remind, say
from tamizdat.readers.models import SealedRecord
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.records import Record
from tamizdat.support.tests.wishes.test_letters import DECEMBER, NOVEMBER, TOKEN, contribution
from tamizdat.support.till_client import RefusedError, Till, TillAwayError, TillSilentError
from tamizdat.support.wishes import answering
from tests.restarting import restart_letters

__all__ = ["key_folder", "mailbox", "reader_secret", "room", "unlocked"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA = "ada@example.org"
DAY = timedelta(days=1)


class KilledError(BaseException):
    """The process is gone."""


@pytest.fixture(autouse=True)
def adas_contribution(room, monkeypatch):
    """Ada's contribution, of which one charge was written about. She was asked, and says yes."""
    monkeypatch.setattr(answering, "_amount", lambda *_about: "€5")
    monkeypatch.setattr(Till, "status", lambda *_about: contribution(NOVEMBER, DECEMBER))
    today = NOON.date()
    asked = {"token": TOKEN, "asked": today.isoformat(), "each": True, "wish": 1}
    told = {"told": 1, "agreed": False, "until": (today + 31 * DAY).isoformat()}
    store.keep_record(Record("receipt", ADA, "en", {**asked, **told}), room.keys)
    say(room, ADA, "yes")


@pytest.fixture
def unlock(unlocked, reader_secret):
    """Have an editor unlock the reader key, and the worker do all that it does then."""

    def unlock(at):
        unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
        while sealed_records.look(at):
            pass
        deliver_due(at)

    return unlock


def raises(error, *_about):
    raise error


def many(room, patch):
    """Let there be more records than a round answers, this one last."""
    patch.setattr(sealed_records, "AT_ONCE", 1)
    for n in range(6):
        remind(room, f"{n}@example.org")


ENDS = {
    "well": lambda _room, _patch: None,
    "till away": lambda _, patch: patch.setattr(Till, "status", partial(raises, TillAwayError)),
    "key refused": lambda _, patch: patch.setattr(
        Till, "status", partial(raises, RefusedError("key"))
    ),
    "locked": lambda _, patch: patch.setattr(
        sealed_records, "_answer_all", partial(raises, EndedError)
    ),
    "killed afterwards": lambda _, patch: patch.setattr(
        sealed_records, "_answer_all", partial(raises, KilledError)
    ),
    "killed while it is written": lambda _, patch: patch.setattr(
        store, "mark", partial(raises, KilledError)
    ),
    "another round": many,
}


@pytest.mark.parametrize("ends", ENDS)
def test_the_next_receipt_comes_at_this_unlock_or_the_next(
    room, mailbox, unlock, monkeypatch, ends
):
    with monkeypatch.context() as patch:
        ENDS[ends](room, patch)
        try:
            unlock(NOON + DAY)
        except KilledError:
            restart_letters()

    unlock(NOON + 40 * DAY)  # by then nobody would wait for a yes any more

    assert ADA in mailbox.recipients()


AWAY = {"silent": TillSilentError(), "nonsense": TillAwayError(), "refused": RefusedError("key")}
TODAY = NOON.date()
LIMITS = {
    "of which no letter went": ({"told": 0}, TODAY + 31 * DAY),
    "that nobody said yes to": ({"told": 1, "until": str(TODAY + 9 * DAY)}, TODAY + 9 * DAY),
    "that the till did not know": (
        {"told": 1, "agreed": True, "until": str(TODAY + 9 * DAY)}, TODAY + 9 * DAY,
    ),
}  # fmt: skip


@pytest.mark.parametrize("away", AWAY)
@pytest.mark.parametrize("which", LIMITS)
def test_no_address_is_kept_for_longer_because_the_till_is_away(
    room, unlock, monkeypatch, away, which
):
    """Many wait, so that most are not even asked about."""
    SealedRecord.objects.all().delete()
    said, last = LIMITS[which]
    details = {"token": TOKEN, "asked": TODAY.isoformat(), "each": True, "wish": 1, **said}
    for n in range(12):
        store.keep_record(Record("receipt", f"{n}@example.org", "en", details), room.keys)
    monkeypatch.setattr(Till, "status", partial(raises, AWAY[away]))

    unlock(NOON + (last - TODAY))
    assert SealedRecord.objects.count() == 12
    unlock(NOON + (last - TODAY) + DAY)
    assert not SealedRecord.objects.exists()


def test_a_yes_waits_for_a_till_that_knew_it_however_long_it_is_away(unlock, monkeypatch):
    monkeypatch.setattr(Till, "status", partial(raises, TillSilentError()))
    for days in (1, 20, 40, 80):
        unlock(NOON + days * DAY)

    assert SealedRecord.objects.count() == 1
