"""A copy of an edition with what is asked for packed beside it, as nginx serves it best."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import brotli

from tamizdat.press.server.compression import TIGHT
from tamizdat.press.server.media_types import compressible


def copy_packed(current: Path, paths: Iterable[str], target: Path) -> None:
    """Copy an edition and pack the texts at these paths (a slash at the end: its index)."""
    shutil.copytree(current.resolve(), target)
    for path in sorted(set(paths)):
        name = path.removeprefix("/")
        file = target / (name + "index.html" if path.endswith("/") else name)
        if compressible(str(file)):
            raw = brotli.compress(file.read_bytes(), quality=TIGHT)
            file.with_name(f"{file.name}.br").write_bytes(raw)
