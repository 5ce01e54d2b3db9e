"""Run the measurements: `python -m bench [--smoke] [NAME…]`, as `make bench` does."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

from bench import _smoke
from bench._rows import Row

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"


def main() -> int:
    """Run all measurements, print their table and write bench/results.json.

    A smoke run takes the smallest sizes, several at a time, writes nothing and judges no limit:
    it only shows that every measurement still runs. A run of some leaves the rows of the others.
    """
    arguments = _arguments()
    names = arguments.names or sorted(_names())
    if arguments.smoke:
        rows = _smoke.run(names)
        print(table(rows))
        return 0 if rows else 1
    rows = [row for name in names for row in _measured(name)]
    for row in rows:
        row["machine"] = machine()
    print(table(rows))
    others = _others(rows) if arguments.names else []
    RESULTS.write_text(json.dumps([*others, *rows], indent=1) + "\n", encoding="utf-8")
    return 0 if all(row["met"] is not False for row in rows) else 1


def _measured(name: str) -> list[Row]:
    rows: list[Row] = import_module(f"bench.{name}").rows(smoke=False)
    return [row | {"command": f"python -m bench {name}"} for row in rows]


def _others(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that stand in the file and were not measured again."""
    if not RESULTS.exists():
        return []
    commands = {row["command"] for row in rows}
    standing: list[Row] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return [row for row in standing if row["command"] not in commands]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(sorted(_names()))}")
    return parser.parse_args()


def _names() -> Iterable[str]:
    return (path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def machine() -> str:
    """Say on what these figures were made."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{system}, {os.cpu_count()} cores, Python {platform.python_version()}"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as lines of text."""
    lines = [f"{'figure':38} {'value':>12} {'unit':8} {'limit':>10}  met"]
    for row in rows:
        met = {True: "yes", False: "NO", None: ""}[row["met"]]
        limit = "" if row["limit"] is None else row["limit"]
        lines.append(f"{row['name']:38} {row['value']:>12} {row['unit']:8} {limit:>10}  {met}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
