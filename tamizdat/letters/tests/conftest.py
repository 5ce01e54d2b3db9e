"""A newsroom that writes letters: its keys, its subscribers, its mailbox on screen."""

import shutil
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser

import pytest

from tamizdat.lib import clock
from tamizdat.lib.newsroom import load
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.mailboxes.limits import limits
from tests import subscribed
from tests.restarting import restart_letters
from tests.superuser import sign_in_superuser

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
PASSPHRASE = "open sesame"


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("keys") / "keys"
    keys.make(folder, PASSPHRASE)
    return folder


@pytest.fixture(scope="session")
def reader_secret(key_folder):
    return bytes(keys.unlock_reader(key_folder, PASSPHRASE))


@pytest.fixture
def room(newsroom, key_folder, tmp_path, settings, monkeypatch):
    """A newsroom folder that no other test has seen, with keys."""
    shutil.copy(newsroom.folder / "tamizdat.toml", tmp_path)
    for name in ("data", "media", "edition", "theme"):
        (tmp_path / name).mkdir()
    shutil.copytree(key_folder, tmp_path / "keys")
    monkeypatch.setenv("TAMIZDAT_NEWSROOM", str(tmp_path))
    settings.NEWSROOM = load(tmp_path)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    unattended.rotate(settings.NEWSROOM.keys, NOON)
    limits.forget()
    restart_letters()
    return settings.NEWSROOM


@pytest.fixture
def newsdesk(db, room):
    """A desk on which articles can be published."""
    from tests.newsdesk import NewsDesk

    return NewsDesk(room)


@pytest.fixture
def friday(db, room):
    """A newsletter that goes out on Fridays, in English and Persian."""
    from tamizdat.letters.actions.newsletters import Words, save

    words = Words("The Friday Scales", "The week, weighed.", "Every Friday")
    return save("friday", 4, {"en": words, "fa": words}, NOON)


@pytest.fixture
def subscribe(db, room):
    """Put readers on record as a confirmed sign-up does."""

    def subscribe(*addresses, language="en"):
        for address in addresses:
            subscribed.subscribe(room, address, NOON, language)

    return subscribe


@pytest.fixture
def unlocked(reader_secret):
    """The reader key is unlocked in this process."""
    from tamizdat.letters.keyring import keyring

    keyring.hold(bytearray(reader_secret), datetime.now(UTC))
    yield keyring
    keyring.lock()


class Mailbox:
    """The letters that were handed over to the mailbox on screen."""

    def __init__(self, folder):
        self._folder = folder

    def letters(self):
        files = sorted(self._folder.glob("*.eml"))
        return [_parse(path.read_bytes()) for path in files]

    def only(self):
        (letter,) = self.letters()
        return letter

    def recipients(self):
        return sorted(letter["To"] for letter in self.letters())


def _parse(raw):
    return BytesParser(policy=policy.default).parsebytes(raw)


@pytest.fixture
def mailbox(room):
    return Mailbox(room.data / "mailbox")


@pytest.fixture
def superuser(newsdesk, client, settings):
    """The browser of an administrator."""
    return sign_in_superuser(client, settings)


@pytest.fixture
def editor(superuser, newsdesk):
    """The same, on a desk with two articles of this week."""
    for title in ("A bridge is closed", "A bridge is opened"):
        newsdesk.article(title, published=clock.now() - timedelta(days=1))
    return superuser
