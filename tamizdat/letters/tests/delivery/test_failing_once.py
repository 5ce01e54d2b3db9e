"""Anything may fail once: the database is busy, a file cannot be opened.

Whoever said "nothing more", or is to be forgotten, gets no letter meanwhile. What was said is not
over because it could not be read or carried out: soon it is done, and all of it.
"""

from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from errno import EMFILE
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, transaction

from tamizdat.letters import data_requests
from tamizdat.letters.delivery import deliver_due, opened, sealed_records
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_data_requests import remind, say
from tamizdat.readers.keys import KeysError, founded_keys
from tamizdat.readers.mailboxes.limits import limits
from tamizdat.readers.models import Reader, SealedRecord
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.records import Record
from tests.restarting import restart_letters

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
ADA, TWO = "ada@example.org", "ada+two@example.org"  # one mailbox
DUE = "2026-11-19"


class Failing:
    """Lets one of all questions to the database and key files that are opened fail; counts them."""

    def __init__(self, number):
        self._number, self.asked = number, 0

    @contextmanager
    def during(self):
        with (
            connection.execute_wrapper(self._query),
            patch.object(Path, "read_text", self._reading(Path.read_text)),
            patch.object(Path, "read_bytes", self._reading(Path.read_bytes)),
        ):
            yield

    def _query(self, execute, sql, *said):
        if "SAVEPOINT" not in sql:  # they belong to a test's own transaction
            self._next(OperationalError("database is locked"))
        return execute(sql, *said)

    def _reading(self, really):
        def read(path, *how, **more):
            if "keys" in path.parts:
                self._next(OSError(EMFILE, "Too many open files"))
            return really(path, *how, **more)

        return read

    def _next(self, error):
        self.asked += 1
        if self.asked == self._number:
            raise error


class AgainError(Exception):
    """Let the databases be as they were before a story."""


@pytest.fixture
def whatever_fails(room, unlocked, reader_secret):
    """Tell a story again and again; each time something else fails once in the first look."""

    founded_keys.remember(room.keys)

    def tell(story, number):
        for letter in (room.data / "mailbox").glob("*.eml"):
            letter.unlink()
        restart_letters()
        limits.forget()
        unlocked.lock()
        story()
        unlocked.hold(bytearray(reader_secret), datetime.now(UTC))
        failing = Failing(number)
        with failing.during(), suppress(OperationalError, KeysError):
            sealed_records.look(NOON)
        deliver_due(NOON)
        sealed_records.look(NOON + timedelta(minutes=1))
        deliver_due(NOON + timedelta(minutes=1))
        return failing.asked

    def whatever_fails(story):
        number = most = 0
        while number <= most:
            with suppress(AgainError), transaction.atomic():
                asked = tell(story, number)
                most = most or asked
                yield number
                raise AgainError
            number += 1

    return whatever_fails


def older(room, record):
    """Keep a record as a newsroom of an older version did, without the mark of the desk."""
    sealed = records.seal(record, founded_keys.reader_public(room.keys))
    row = store.keep_sealed(sealed, room.keys)
    SealedRecord.objects.filter(pk=row.pk).update(older=True)


def test_a_mailbox_that_wants_nothing_more_gets_nothing(room, mailbox, whatever_fails):
    def story():
        say(room, ADA, "stop")
        remind(room, TWO, DUE)

    for number in whatever_fails(story):
        assert mailbox.letters() == [], number
        assert SealedRecord.objects.count() == 1, number  # that it wants nothing


def test_nor_does_one_that_said_so_to_an_older_newsroom(room, mailbox, whatever_fails):
    def story():
        older(room, Record("stopped", ADA, "en"))
        remind(room, TWO, DUE)

    for number in whatever_fails(story):
        assert mailbox.letters() == [], number
        assert SealedRecord.objects.filter(older=False).count() == 1, number


@pytest.mark.parametrize("error", [MemoryError, OSError], ids=lambda error: error.__name__)
def test_nor_does_one_whose_record_cannot_be_read_once_whatever_the_cause(
    room, unlocked, mailbox, monkeypatch, error
):
    say(room, ADA, "stop")
    remind(room, TWO, DUE)
    with monkeypatch.context() as failing:
        failing.setattr(opened, "open_link", fails_with(error))
        sealed_records.look(NOON)
        deliver_due(NOON)
        assert mailbox.letters() == []

    sealed_records.look(NOON + timedelta(minutes=1))
    deliver_due(NOON + timedelta(minutes=1))

    assert mailbox.letters() == []
    assert SealedRecord.objects.count() == 1


def test_a_record_that_can_never_be_read_holds_up_no_other(room, unlocked, mailbox, monkeypatch):
    say(room, ADA, "stop")
    remind(room, "bob@example.org", DUE)
    monkeypatch.setattr(opened, "open_link", fails_with(MemoryError))
    for minutes in range(3):
        sealed_records.look(NOON + timedelta(minutes=minutes))
        deliver_due(NOON + timedelta(minutes=minutes))

    assert mailbox.recipients() == ["bob@example.org"]


def fails_with(error):
    def fails(*_about):
        raise error

    return fails


def test_a_yes_ends_it_and_loses_its_reader_nothing(room, mailbox, whatever_fails):
    def story():
        older(room, Record("stopped", ADA, "en"))
        say(room, ADA, "yes")
        remind(room, TWO, DUE)

    for number in whatever_fails(story):
        assert mailbox.recipients() == [TWO], number
        assert SealedRecord.objects.count() == 1, number  # the reminder, for one more


def test_who_is_to_be_forgotten_gets_nothing_and_is_forgotten(
    room, subscribe, mailbox, whatever_fails
):
    """Also a reader whom nobody has compared with older ones yet."""

    def story():
        subscribe(ADA)
        data_requests.ask(room, "erasure", ADA, "en")
        older(room, Record("reminder", ADA, "en", {"due": DUE, "sent": 0, "until": ""}))
        remind(room, ADA, DUE)

    for number in whatever_fails(story):
        assert mailbox.letters() == [], number
        assert not SealedRecord.objects.exists(), number
        assert not Reader.objects.exists(), number


def test_who_asks_what_we_hold_is_told_all(room, subscribe, mailbox, whatever_fails):
    def story():
        subscribe(ADA)
        data_requests.ask(room, "question", ADA, "en")

    for number in whatever_fails(story):
        assert "friday" in mailbox.only().get_body(("plain",)).get_content(), number
