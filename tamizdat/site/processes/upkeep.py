"""Bring a newsroom up to date: `python -m tamizdat.site.processes.upkeep FOLDER`.

A process of its own, so that `tamizdat serve` stays small, and serves what needs no database
while one is away or is being changed.
"""

import sys
from pathlib import Path

from tamizdat.lib.processes import last_words
from tamizdat.site.boot import boot
from tamizdat.site.broken_log import say_where_not_what
from tamizdat.site.command import sentence, why
from tamizdat.site.saying import say


def main(folder: Path) -> int:
    """Do it, and return 0; or say in a sentence why it cannot be done, and return 1.

    A database that is away is waited for.
    """
    say_where_not_what()
    try:
        newsroom = boot(folder, role=None)
        from tamizdat.site.processes import beginning

        beginning.begin(newsroom)
    except Exception as error:  # noqa: BLE001  the last door: who looks at the log gets a sentence
        last_words.say(why(error))
        say(sentence(error), err=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
