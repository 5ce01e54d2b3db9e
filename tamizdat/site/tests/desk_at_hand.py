"""Run as a program, in the desk's role: do what a test wants done, one a line.

A line is Python in JSON. The answer is a line, too: what went wrong, "" for nothing.
"""

import json
import sys
import traceback

from tamizdat.site.boot import boot


def main() -> None:
    newsroom = boot()
    from django.db import connections

    for line in sys.stdin:
        said = ""
        try:
            exec(json.loads(line), {"newsroom": newsroom})
        except Exception:  # noqa: BLE001  whatever it was, the story tells it
            said = traceback.format_exc()
        connections.close_all()
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
