"""The private keys of one round: unattended ones always, the reader key while it is unlocked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tamizdat.letters import keyring
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.processes.stopping import stopping
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.models import UnattendedCopy
from tamizdat.readers.sealing.opening import OpeningError, PrivateKey, open_record, private_key
from tamizdat.readers.sealing.records import Record


class EndedError(BaseException):
    """The reader key was locked meanwhile, or this process was told to stop: the rest waits.

    It is no `Exception`: who tries rows one by one must not take it for the fault of a row.
    """


@dataclass(frozen=True, slots=True)
class RoundKeys:
    """What opens addresses in this round. `duplicates` recognises one address in two records.

    `unanswered` counts letters to a mailbox.
    """

    newsroom: Newsroom
    reader: PrivateKey | None = field(repr=False)
    duplicates: bytes = field(repr=False)
    unanswered: bytes = field(repr=False)
    _unattended: dict[str, PrivateKey | None] = field(default_factory=dict, repr=False)
    _out_of_reach: set[str] = field(default_factory=set)

    def check(self) -> None:
        """Call this before each address is opened: a long loop must not outlive the key.

        Raises:
            EndedError: the key is locked by now, or this process was told to stop.
        """
        if stopping() or (self.reader is not None and keyring.unlocked_until() is None):
            raise EndedError

    def open_copy(self, copy: UnattendedCopy) -> Record:
        """Return the record of an unattended copy.

        A key that cannot be read is not tried again in this round. So what was sealed to it is seen
        together or not at all: no receipt without the correction of its address.

        Raises:
            OpeningError: its key is gone or damaged, or it was not sealed to it.
            KeysError: its key is there, and cannot be read at this moment.
        """
        if copy.key in self._out_of_reach:
            raise keys.KeysError("This unattended key could not be read in this round.")
        if copy.key not in self._unattended:
            self._unattended[copy.key] = self._read(copy.key)
        key = self._unattended[copy.key]
        if key is None:
            raise OpeningError("The unattended key of this copy is gone.")
        return open_record(bytes(copy.sealed), key)

    def _read(self, name: str) -> PrivateKey | None:
        try:
            secret = unattended.opener(self.newsroom.keys, name)
        except keys.KeysError:
            self._out_of_reach.add(name)
            raise
        if secret is None:
            return None
        try:
            return private_key(name, secret)
        finally:
            keys.wipe(secret)


@contextmanager
def round_keys(newsroom: Newsroom) -> Iterator[RoundKeys]:
    """Give the keys for a round."""
    with keyring.lent() as secret:
        yield RoundKeys(
            newsroom,
            reader=private_key(keys.READER, secret) if secret else None,
            duplicates=keys.duplicates_key(secret) if secret else b"",
            unanswered=keys.unanswered_key(secret) if secret else b"",
        )
