"""The long version of letters/tests/outbox/test_crashes.py: 3,000 readers, many killings."""

import random

import pytest

from tamizdat.letters.tests.conftest import (
    friday,
    key_folder,
    mailbox,
    reader_secret,
    room,
    subscribe,
)
from tamizdat.letters.tests.outbox.test_crashes import kill_until_done, sending, states

__all__ = ["friday", "key_folder", "mailbox", "reader_secret", "room", "sending", "subscribe"]
READERS = [f"reader{n:04}@example.org" for n in range(3000)]


@pytest.mark.django_db(transaction=True, databases=["default", "counter"])
def test_three_thousand_readers_get_one_letter_each(
    sending, room, mailbox, reader_secret, databases
):
    sending(*READERS)
    databases.of_its_own(room.folder)
    databases.copy("default", room.folder)

    kills = kill_until_done(room, reader_secret, random.Random(8058), most=150)

    letters = mailbox.letters()
    assert sorted(letter["To"] for letter in letters) == READERS
    assert len({letter["Message-ID"] for letter in letters}) == len(READERS)
    assert states(databases, room) == {"handed": 3000}
    assert kills >= 20
