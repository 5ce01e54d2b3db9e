"""A newsroom in a folder of its own, for programs that run beside the tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tamizdat.lib.newsroom import SETTINGS_FILE, Newsroom, load
from tamizdat.readers.counter.published import Newsletter, Offer, Published, Wording, write

ROOT = Path(__file__).parents[3]
WORDING = Wording("1.0", "I agree to get this newsletter by e-mail.")
OFFER = Offer((Newsletter("friday", "The Friday Scales", "The week.", "every Friday"),), (WORDING,))


def lay_out(folder: Path, like: Newsroom) -> Newsroom:
    """Make a newsroom with the keys of the test run's; its databases are for you to make."""
    for name in ("data", "media", "edition", "theme"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "tests/newsroom" / SETTINGS_FILE, folder)
    shutil.copytree(like.keys, folder / "keys")
    write(folder / "data", Published(dict.fromkeys(like.languages, OFFER)))
    return load(folder)


def run(newsroom: Newsroom, module: str, *arguments: str, **variables: str) -> str:
    """Run a module as a program of this newsroom and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, "TAMIZDAT_NEWSROOM": str(newsroom.folder), **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
