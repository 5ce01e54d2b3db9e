"""A newsroom in a folder of its own, for programs that run beside the tests."""

import base64
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tamizdat.lib.newsroom import SETTINGS_FILE, Newsroom, load
from tamizdat.readers.counter.published import Newsletter, Offer, Offers, Wording
from tamizdat.readers.keys import PublicKey, reader_public, unattended
from tests.databases import Databases

TELL = "INSERT INTO counter_published (name, text) VALUES (?, ?)"
ROOT = Path(__file__).parents[3]
WORDING = Wording("1.0", "I agree to get this newsletter by e-mail.")
OFFER = Offer((Newsletter("friday", "The Friday Scales", "The week.", "every Friday"),), (WORDING,))


def lay_out(folder: Path, like: Newsroom) -> Newsroom:
    """Make a newsroom with the keys of the test run's; its databases are for you to make."""
    for name in ("data", "media", "edition", "theme"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "tests/newsroom" / SETTINGS_FILE, folder)
    shutil.copytree(like.keys, folder / "keys")
    return load(folder)


def told(newsroom: Newsroom) -> dict[str, str]:
    """Return the rows that the desk of this newsroom would publish to its counter."""
    pair = unattended.rotate(newsroom.keys, datetime.now(UTC))
    offers = asdict(Offers(dict.fromkeys(newsroom.languages, OFFER)))
    keys = {
        "reader": _text(reader_public(newsroom.keys)),
        "unattended": {
            "name": pair.name,
            "public": _text(unattended.public(newsroom.keys, pair.name)),
        },
    }
    return {"letters": json.dumps(offers), "keys": json.dumps(keys)}


def _text(key: PublicKey) -> str:
    return base64.b64encode(key.raw).decode()


def tell(newsroom: Newsroom, databases: Databases) -> None:
    """Publish to the counter of a newsroom whose databases are its own."""
    for row in told(newsroom).items():
        databases.change("counter", newsroom.folder, TELL, *row)


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
