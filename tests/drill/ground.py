"""The folder of a newsroom in earnest, and this process made its desk."""

import os
from pathlib import Path

from tamizdat.site.boot import boot
from tests.databases import Databases
from tests.drill.relay import Relay
from tests.free_ports import free_port

ROOT = Path(__file__).parents[2]
FOLDERS = ("data", "media", "edition", "keys", "theme", "tmp")
PORTS = ("8000", "8001", "8002", "8003")


def lay(folder: Path, databases: Databases, relay: Relay) -> None:
    """Make the folder with its settings, and start Django in it: once a process."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    text = (ROOT / "tests/newsroom/tamizdat.toml").read_text(encoding="utf-8")
    for port in PORTS:
        text = text.replace(f"127.0.0.1:{port}", f"127.0.0.1:{free_port()}")
    text = text.replace("[mail]", f'[mail]\nsend = "{relay.address}"')
    (folder / "tamizdat.toml").write_text(text + databases.settings, encoding="utf-8")
    os.environ["TAMIZDAT_CLOCK"] = str(folder / "data/clock")
    boot(folder)
