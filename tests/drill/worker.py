"""The work process, as `tamizdat work` runs it, whose rounds begin when the drill says so."""

import sys
from pathlib import Path

from tamizdat.lib import clock
from tamizdat.site.boot import boot
from tamizdat.site.founding.newsroom import keep_up


def main() -> None:
    """Do one round for each line on stdin, and answer with the rooms in which it failed."""
    newsroom = boot(Path(sys.argv[1]))
    keep_up(newsroom)
    from tamizdat.letters import keyring
    from tamizdat.lib.worker_socket.server import WorkerSocket
    from tamizdat.readers.keys import founded_keys
    from tamizdat.site.processes.working import sweep

    with WorkerSocket(newsroom, keyring.answers(newsroom, founded_keys.must_open_ours)):
        for _line in sys.stdin:
            sys.stdout.write(" ".join(["round", *sweep(clock.now())]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
