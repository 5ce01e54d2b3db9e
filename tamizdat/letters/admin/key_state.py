"""The reader key as the desk sees it: through the work process's socket, never itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tamizdat.letters import keyring
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.worker_socket import NobodyListensError, ask
from tamizdat.readers.keys import LONGEST_PASSPHRASE


class Trouble(StrEnum):
    """Why the reader key cannot be used, with the sentence that an editor reads."""

    NOT_RUNNING = "The work process does not run, so nothing is sent. Start `tamizdat work`."
    WRONG = "The passphrase is wrong. The key stays locked."
    TOO_LONG = "No passphrase is as long as that. The key stays locked."
    FOREIGN = (
        "The files keys/reader.private and keys/reader.public are another newsroom's. Put this "
        "newsroom's own back from its backup. The key stays locked."
    )
    AWAY = "The desk's database did not answer. Try again in a minute. The key stays locked."
    DAMAGED = "The reader key could not be read. See `tamizdat doctor`."


#: What the work process answers.
_REFUSALS = {
    "wrong": Trouble.WRONG,
    "foreign": Trouble.FOREIGN,
    "damaged": Trouble.DAMAGED,
    "away": Trouble.AWAY,
}


@dataclass(frozen=True, slots=True)
class KeyState:
    """Whether letters to subscribers can leave now, and if not, why."""

    until: datetime | None = None
    trouble: Trouble | None = None

    @property
    def is_open(self) -> bool:
        """Whether the key is unlocked."""
        return self.until is not None


def look(newsroom: Newsroom) -> KeyState:
    """Return the state of the reader key now."""
    return _asked(newsroom, keyring.STATUS)


def unlock(newsroom: Newsroom, passphrase: str) -> KeyState:
    """Send the passphrase straight to the work process, and return what came of it."""
    typed = passphrase.encode()
    if len(typed) > LONGEST_PASSPHRASE:  # the work process would hang up in the middle
        return KeyState(trouble=Trouble.TOO_LONG)
    return _asked(newsroom, keyring.UNLOCK, typed)


def lock(newsroom: Newsroom) -> KeyState:
    """Lock the reader key now."""
    return _asked(newsroom, keyring.LOCK)


def _asked(newsroom: Newsroom, word: str, secret: bytes = b"") -> KeyState:
    try:
        answer = ask(newsroom, word, secret)
    except NobodyListensError:
        return KeyState(trouble=Trouble.NOT_RUNNING)
    said, _, until = answer.partition(" ")
    if said == "unlocked":
        return KeyState(until=datetime.fromisoformat(until))
    return KeyState(trouble=_REFUSALS.get(said))
