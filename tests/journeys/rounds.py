"""One round of `tamizdat work --once` for each line, by a process that started once.

`python -m tests.journeys.rounds FOLDER` answers each line with the rooms in which the round failed.
"""

import sys
from pathlib import Path

from tamizdat.lib import clock
from tamizdat.site.boot import boot


def main() -> None:
    """Do a round for each line on stdin."""
    boot(Path(sys.argv[1]))
    from tamizdat.site.processes.working import sweep

    for _line in sys.stdin:
        sys.stdout.write(" ".join(sweep(clock.now())) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
