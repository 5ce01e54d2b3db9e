"""Who looks after the machine gets a letter about what does not work: one, about all of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tamizdat.letters import tasks
from tamizdat.letters.alerts import alert_letters
from tamizdat.letters.tests.conftest import NOON
from tamizdat.lib import alerts
from tamizdat.lib.alerts import Alert
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.tests.keys.test_founded_keys import FOREIGN

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DISK = Alert("disk", "The disk is full.", "No space left.", "Make room.")
SETTINGS = Alert("settings", "The settings <are> broken.", "Line 7.", "Mend them.")


@pytest.fixture
def told(room, settings):
    """A newsroom whose administrator is written to."""
    mail = replace(room.mail, administrator="admin@example.org")
    settings.NEWSROOM = replace(room, mail=mail)
    return settings.NEWSROOM


def test_what_stands_for_five_minutes_is_told_once(told, mailbox):
    alerts.raise_alert(told.data, DISK, NOON)

    tasks.sweep(NOON + 2 * MINUTE)
    assert mailbox.letters() == []
    for minute in (5, 6, 90, 600):
        tasks.sweep(NOON + minute * MINUTE)

    letter = mailbox.only()
    assert letter["To"] == "admin@example.org"
    assert "disk" not in letter["Subject"].lower(), "subjects are shown on locked screens"
    for part in ("plain", "html"):
        said = letter.get_body((part,)).get_content()
        assert "The disk is full." in said
        assert "No space left." in said
        assert "Make room." in said


@pytest.mark.parametrize("name", ["reader.public", "letters.key"])
@pytest.mark.parametrize("how", ["another newsroom's", "missing", "damaged"])
def test_a_key_file_that_is_not_ours_is_told_of(told, mailbox, name, how):
    founded_keys.remember(told.keys)
    path = told.keys / name
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(b"\xff" if how == "damaged" else FOREIGN[name]())
    founded_keys.verified(told.data, told.keys, name, NOON)
    tasks.sweep(NOON + 5 * MINUTE)
    tasks.sweep(NOON + 6 * MINUTE)

    letter = mailbox.only()
    assert f"keys/{name}" in letter.get_body(("plain",)).get_content()


def test_what_begins_within_the_hour_waits_for_the_next_letter(told, mailbox):
    alerts.raise_alert(told.data, DISK, NOON)
    tasks.sweep(NOON + 5 * MINUTE)
    alerts.raise_alert(told.data, SETTINGS, NOON + 6 * MINUTE)

    tasks.sweep(NOON + 30 * MINUTE)
    assert len(mailbox.letters()) == 1
    tasks.sweep(NOON + HOUR + 6 * MINUTE)

    texts = [letter.get_body(("plain",)).get_content() for letter in mailbox.letters()]
    (second,) = [text for text in texts if "settings <are> broken" in text]
    assert "The disk is full." in second, "it still stands"


def test_what_came_back_is_told_again(told, mailbox):
    alerts.raise_alert(told.data, DISK, NOON)
    tasks.sweep(NOON + 5 * MINUTE)
    alerts.clear(told.data, "disk")
    alerts.raise_alert(told.data, DISK, NOON + 2 * HOUR)
    tasks.sweep(NOON + 3 * HOUR)

    assert len(mailbox.letters()) == 2


def test_what_is_over_within_five_minutes_is_not_told(told, mailbox):
    alerts.raise_alert(told.data, DISK, NOON)
    alerts.clear(told.data, "disk")
    tasks.sweep(NOON + 10 * MINUTE)

    assert mailbox.letters() == []


def test_without_an_administrator_nobody_is_written_to(room, mailbox):
    alerts.raise_alert(room.data, DISK, NOON)
    tasks.sweep(NOON + 10 * MINUTE)

    assert mailbox.letters() == []


def test_a_crash_before_it_was_noted_brings_no_second_letter(told, mailbox):
    alerts.raise_alert(told.data, DISK, NOON)
    tasks.sweep(NOON + 5 * MINUTE)
    (told.data / alert_letters.FILE).unlink()
    tasks.sweep(NOON + 6 * MINUTE)

    assert len(mailbox.letters()) == 1
