"""Wake the work process, and speak with it: a socket in the newsroom's data folder.

A message is a word ("collect", "letters") and perhaps a secret, one per connection. A wake-up
carries no ids and no addresses: what there is to do stands in our own rows. Losing one costs
a minute, so nobody waits for it. The socket's file is 0600 in a folder that is 0700.

Here is the end that speaks; `server` listens. The socket belongs to no room.
"""

import contextlib
import socket
from collections.abc import Iterator

from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.worker_socket.protocol import NAME, folder_door, hear, say

PATIENCE_S = 10.0


class NobodyListensError(Exception):
    """No work process runs for this newsroom."""


def wake(newsroom: Newsroom, word: str) -> bool:
    """Wake the work process and return whether one listens. If not, it works within a minute.

    Its answer is not waited for: a visitor waits for whoever wakes it.
    """
    try:
        with _line(newsroom) as line:
            say(line, word)
    except OSError:
        return False
    return True


def ask(newsroom: Newsroom, word: str, secret: bytes = b"") -> str:
    """Say a word and perhaps a secret to the work process, and return what it answers.

    "" is the answer to a word that nobody answers, and of an answerer that failed.

    Raises:
        NobodyListensError: it does not run, or did not answer within ten seconds.
    """
    try:
        with _line(newsroom) as line:
            say(line, word, secret)
            return bytes(hear(line)).decode()
    except OSError as error:
        raise NobodyListensError("The work process does not run.") from error


@contextlib.contextmanager
def _line(newsroom: Newsroom) -> Iterator[socket.socket]:
    """Reach the work process.

    Raises:
        OSError: nobody listens, or so many wait already that no more are let in.
    """
    with folder_door(newsroom.data) as door, socket.socket(socket.AF_UNIX) as line:
        line.settimeout(PATIENCE_S)
        line.connect(str(door / NAME))
        yield line
