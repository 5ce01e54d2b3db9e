"""Make the demonstration newsroom in a folder, and keep it in step with this program."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tamizdat import __version__
from tamizdat.lib.newsroom import SETTINGS_FILE, NewsroomError, load
from tamizdat.lib.processes import environment
from tamizdat.site.founding.newsroom import found
from tamizdat.site.founding.settings_file import Wanted, four_origins

HERE = Path(__file__).parent
CONTENT = HERE / "content"
PACKAGE = HERE.parents[1]
EDITOR = ("editor@example.org", "a lantern in the mill")
PASSPHRASE = "four hundred quiet sluices"  # noqa: S105  of an invented newsroom on this machine only


def prepare(folder: Path, port: int) -> bool:
    """Make the demonstration in `folder` if it is not there whole; return whether it was made.

    A demonstration that an older program made, or that a crash left unfinished, is made
    anew. A newsroom in earnest that stands in the folder is never touched.

    Raises:
        NewsroomError: the folder holds something that is no demonstration.
    """
    _refuse_what_is_not_a_demonstration(folder)
    mark = folder / "data" / "demonstration.json"
    if mark.is_file() and json.loads(mark.read_text(encoding="utf-8")) == _state(port):
        return False
    shutil.rmtree(folder, ignore_errors=True)
    about = tomllib.loads((CONTENT / "newsroom.toml").read_text(encoding="utf-8"))
    addresses = four_origins(f"http://127.0.0.1:{port}")
    wanted = Wanted(
        name=about["name"]["en"],
        languages=tuple(about["languages"]),
        addresses=addresses,
        time_zone="Europe/Riga",
        demonstration=True,
    )
    found(folder, wanted, PASSPHRASE)
    _add_settings(folder, about["name"])
    _load_in_own_process(folder)
    mark.write_text(json.dumps(_state(port)), encoding="utf-8")
    return True


def _refuse_what_is_not_a_demonstration(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / SETTINGS_FILE).is_file() or not load(folder).demonstration:
        raise NewsroomError(
            f"{folder} holds something that is no demonstration newsroom, and is left alone. "
            "Name another folder with --folder."
        )


def _add_settings(folder: Path, names: Mapping[str, str]) -> None:
    """Put what the demonstration's own settings say in the place of the defaults."""
    path = folder / SETTINGS_FILE
    own = (CONTENT / "settings.toml").read_text(encoding="utf-8")
    tables = set(re.findall(r"^\[([a-z.]+)\]", own, re.MULTILINE))
    kept = re.split(r"(?=^\[)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    parts = [part for part in kept if not any(part.startswith(f"[{name}]") for name in tables)]
    named = "\n".join(f"names.{code} = {json.dumps(name)}" for code, name in names.items())
    text = "".join(parts).replace("\n[addresses]", f"{named}\n\n[addresses]", 1)
    path.write_text(text + own, encoding="utf-8")
    load(folder)


def _load_in_own_process(folder: Path) -> None:
    """Load in a process of its own, so that the one that serves stays small."""
    run = subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "tamizdat.site.demo.loading", str(folder)],
        env=environment.of("demo"),
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if run.returncode:
        raise NewsroomError("The demonstration could not be loaded; the reason stands above.")


def _state(port: int) -> dict[str, str | int]:
    """Return what a demonstration was made from: the whole program, its content, the port."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.*")):
        if path.is_file() and path.suffix != ".pyc" and "tests" not in path.parts:
            digest.update(f"{path.relative_to(PACKAGE)}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return {"version": __version__, "made_from": digest.hexdigest(), "port": port}
