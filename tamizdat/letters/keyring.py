"""The reader key, while it is unlocked: in the memory of the work process and nowhere else.

The desk sends the passphrase through the work process's socket, the key is opened here, and
after half an hour it locks itself. It is wiped then, as far as Python allows: copies that the
interpreter made on the way, and pages that the system swapped out, are out of our reach.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import Error as DatabaseError

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.worker_socket.server import Answer
from tamizdat.readers import keys

OPEN_FOR = timedelta(minutes=30)
MustBeOurs = Callable[[bytearray], None]

UNLOCK, LOCK, STATUS = "unlock", "lock", "status"


class Keyring:
    """Holds one secret for a while. Safe to use from the listening and the sending thread."""

    def __init__(self, lasts: timedelta = OPEN_FOR) -> None:
        self._lasts = lasts
        self._lock = threading.Lock()
        self._secret: bytearray | None = None
        self._until: datetime | None = None
        self._deadline = 0.0  # of the clock that nobody can put back

    def hold(self, secret: bytearray, at: datetime) -> datetime:
        """Keep the secret from now on, and return until when."""
        with self._lock:
            self._forget()
            self._secret, self._until = secret, at + self._lasts
            self._deadline = time.monotonic() + self._lasts.total_seconds()
            return self._until

    def lend(self, at: datetime) -> bytearray | None:
        """Return a copy of the secret, for the borrower to wipe; None while it is locked."""
        with self._lock:
            self._forget_in_time(at)
            return None if self._secret is None else bytearray(self._secret)

    def until(self, at: datetime) -> datetime | None:
        """Return until when it is unlocked, or None once it is wiped."""
        with self._lock:
            self._forget_in_time(at)
            return self._until

    def lock(self) -> None:
        """Forget the secret now."""
        with self._lock:
            self._forget()

    def _forget_in_time(self, at: datetime) -> None:
        """Forget the secret if its time is over, by either clock: one may be put back."""
        if self._until is not None and (at >= self._until or time.monotonic() >= self._deadline):
            self._forget()

    def _forget(self) -> None:
        if self._secret is not None:
            keys.wipe(self._secret)
        self._secret = self._until = None


#: The one of this process. Only the work process ever unlocks it.
keyring = Keyring()


def answers(newsroom: Newsroom, must_be_ours: MustBeOurs) -> Mapping[str, Answer]:
    """Return what the work process answers about the reader key, by word.

    Each answer says whether the key is unlocked now, and until when. `must_be_ours` raises
    ForeignKeyError for another newsroom's key (`founded_keys.must_open_ours`): with it nothing
    here would open.
    """
    return {UNLOCK: partial(_unlock, newsroom, must_be_ours), LOCK: _lock, STATUS: _status}


def _status(_nothing: bytearray) -> str:
    until = keyring.until(_now())
    return f"unlocked {until.isoformat()}" if until else "locked"


def _lock(nothing: bytearray) -> str:
    keyring.lock()
    return _status(nothing)


def _unlock(newsroom: Newsroom, must_be_ours: MustBeOurs, passphrase: bytearray) -> str:
    try:
        secret = keys.unlock_reader(newsroom.keys, passphrase)
    except keys.WrongPassphraseError:
        return "wrong"
    except keys.KeysError:
        return "damaged"
    try:
        must_be_ours(secret)
    except BaseException as error:
        keys.wipe(secret)
        if isinstance(error, keys.ForeignKeyError):
            return "foreign"
        if isinstance(error, DatabaseError):
            return "away"
        raise
    return f"unlocked {keyring.hold(secret, _now()).isoformat()}"


def _now() -> datetime:
    """Real time, never a demonstration's: moving the clock must not keep a key open."""
    return datetime.now(UTC)


@contextmanager
def lent(at: datetime | None = None) -> Iterator[bytearray | None]:
    """Lend the reader key's secret for a block, and wipe the copy after it."""
    secret = keyring.lend(at or _now())
    try:
        yield secret
    finally:
        if secret is not None:
            keys.wipe(secret)


def unlocked_until(at: datetime | None = None) -> datetime | None:
    """Return until when the reader key is unlocked in this process; None while it is locked."""
    return keyring.until(at or _now())
