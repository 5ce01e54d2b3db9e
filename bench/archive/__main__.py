"""Make an archive: `python -m bench.archive DIR --articles 20000 [--seed 1] [--no-build]`."""

import argparse
import sys
from pathlib import Path

from bench.archive.making import make


def main() -> int:
    """Make a newsroom with an archive in a new folder, and print its first edition."""
    parser = argparse.ArgumentParser(prog="python -m bench.archive", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-build", action="store_true", help="leave printing for later")
    said = parser.parse_args()
    speed = make(said.folder, said.articles, said.seed)
    print(f"{said.articles} articles in {said.folder}, {speed:.0f} a second, pictures included.")
    if not said.no_build:
        from tamizdat.press.actions import publish

        print(f"Printed in {publish().seconds:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
