"""Tell a story in a newsroom and a process of its own: `python -m … FOLDER MODULE STORY`.

For what a test process cannot do: fork with one thread, commit from two connections, be killed, or
find its disk full. A story is a function of the newsroom; what it asserts ends the process with 1.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("data", "media", "edition", "theme", "keys")
SETTINGS = """
[newsroom]
name = "The Crash Sheet"
languages = ["en", "fa"]

[addresses]
edition = "http://127.0.0.1:8000"
counter = "http://127.0.0.1:8001"
desk = "http://127.0.0.1:8002"
till = "http://127.0.0.1:8003"
"""


def lay_out(folder: Path, databases: object) -> Path:
    """Make a newsroom that has published nothing."""
    folder.mkdir(exist_ok=True)
    (folder / "tamizdat.toml").write_text(SETTINGS)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    databases.of_its_own(folder)
    return folder


def begin(
    folder: Path, story: Callable[..., object], *before: str, **more: object
) -> "subprocess.Popen[str]":
    """Begin a story in the newsroom of a folder. `before` are words to put before the command."""
    command = [*before, sys.executable, "-m", "tests.in_a_newsroom", str(folder)]
    return subprocess.Popen(
        [*command, story.__module__, story.__name__],
        cwd=ROOT,
        env=os.environ | {"TAMIZDAT_NEWSROOM": str(folder), "TAMIZDAT_ROLE": "desk"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **more,
    )


def tell(folder: Path, story: Callable[..., object], *before: str) -> str:
    """Tell a story to its end and return what it printed; fail with that if it failed."""
    process = begin(folder, story, *before)
    said, _ = process.communicate()
    assert process.returncode == 0, f"{story.__name__} ended with {process.returncode}:\n{said}"
    return said


def main(folder: Path, module: str, story: str) -> None:
    from tamizdat.site.boot import boot

    newsroom = boot(folder)
    getattr(import_module(module), story)(newsroom)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
