"""Commands of a newsroom one after the other in one process: `python -m tests.in_turn`.

A process of ours needs a second before it does anything. For stories that ask what several
commands do, and not how a process begins. `tamizdat init` moves its folder, so it stays alone.
"""

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = "code"  # the word before lines of Python, in place of a command of ours


@dataclass
class Done:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


def in_turn(
    folder: Path, *commands: tuple[object, ...], env: Mapping[str, str], umask: int = -1
) -> list[Done]:
    """Do commands in the newsroom of a folder, whatever comes of each."""
    asked = [[str(word) for word in command] for command in commands]
    process = subprocess.run(
        [sys.executable, "-m", "tests.in_turn", str(folder)],
        cwd=ROOT, env=env, umask=umask, input=json.dumps(asked),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    return [Done(*each) for each in json.loads(process.stdout)]


def _do(folder: str, words: list[str]) -> tuple[int | str | None, str, str]:
    from tamizdat.site.boot import boot
    from tamizdat.site.command import main

    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        try:
            if words[0] == CODE:
                exec(words[1], {"newsroom": boot(Path(folder))})
                return 0, out.getvalue(), err.getvalue()
            sys.argv = ["tamizdat", "--newsroom", folder, *words]
            main()
        except SystemExit as ended:
            return ended.code, out.getvalue(), err.getvalue()
    raise AssertionError("a command ends its process")


if __name__ == "__main__":
    place = sys.argv[1]
    said = [_do(place, words) for words in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(said))
