"""The demonstration newsroom that `make house` keeps, copied to ports of its own.

To make one takes half a minute, to copy one a second.
"""

import fcntl
import json
import re
import subprocess
import sys
from pathlib import Path

from tamizdat.lib.newsroom import SETTINGS_FILE, Newsroom, load
from tamizdat.site.demo import making

KEPT_PORT = 8200  # of the edition; counter, desk and till have the next three
KEPT = Path(__file__).parents[1] / f".cache/demo-{KEPT_PORT}"


def copied(folder: Path, port: int) -> Newsroom:
    """Copy the demonstration to a new folder and to four ports; make it first if it is not there.

    The pages of its edition still say the old ports: `tamizdat build --full` prints them anew.
    """
    with KEPT.with_suffix(".lock").open("w") as lock:  # who else copies it waits until it stands
        fcntl.flock(lock, fcntl.LOCK_EX)
        making.prepare(KEPT, KEPT_PORT)
        # With hard links kept: the two trees of an edition share their files.
        subprocess.run(["cp", "-a", KEPT, folder], check=True)
    settings, mark = folder / SETTINGS_FILE, folder / "data/demonstration.json"
    settings.write_text(_moved(settings.read_text(encoding="utf-8"), port), encoding="utf-8")
    mark.write_text(json.dumps(json.loads(mark.read_text(encoding="utf-8")) | {"port": port}))
    return load(folder)


def printed_anew(newsroom: Newsroom) -> None:
    """Print its edition for its own ports."""
    build = ("-m", "tamizdat.site", "--newsroom", str(newsroom.folder), "build", "--full")
    subprocess.run((sys.executable, *build), check=True, stdout=subprocess.DEVNULL)


def _moved(settings: str, port: int) -> str:
    def move(found: re.Match[str]) -> str:
        return f"127.0.0.1:{int(found[1]) - KEPT_PORT + port}"

    return re.sub(r"127\.0\.0\.1:(\d+)", move, settings)
