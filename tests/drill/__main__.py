"""Hold a seizure drill: `python -m tests.drill [--short] [--postgresql]`; prints JSON.

Exit 0: nobody was found, and each leak that was planted afterwards was.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from tests.databases import OnPostgresql, OnSqlite
from tests.drill import ground
from tests.drill.relay import Relay


def main() -> int:
    """Hold the drill and say what came of it."""
    arguments = _arguments()
    databases = OnPostgresql() if arguments.postgresql else OnSqlite()
    with tempfile.TemporaryDirectory(prefix="tamizdat-drill-") as scratch:
        try:
            relay = Relay()
            ground.lay(Path(scratch) / "newsroom", databases, relay)
            from tests.drill.holding import hold  # models can be read from here on

            said = hold(Path(scratch), databases, relay, short=arguments.short)
        except BaseException:
            for log in Path(scratch).glob("newsroom/*.log"):
                sys.stderr.write(f"{log.name}: {log.read_text()[-2000:]}\n")
            raise
        finally:
            databases.remove()
    json.dump(said, sys.stdout, indent=1)
    return 0 if said["well"] else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=main.__doc__)
    for name in ("short", "postgresql"):
        parser.add_argument(f"--{name}", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
