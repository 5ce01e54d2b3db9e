"""Find the files of old pictures in a folder: by upload path first, then by name."""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

_MADE_SMALLER = re.compile(r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{8,14})+$")


class MediaFolder:
    """The files of an old site's uploads. None stands for "no folder was given"."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._by_path: dict[str, Path] = {}
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        for path in _files(folder) if folder else ():
            inside = path.relative_to(folder or path).as_posix().lower()
            self._by_path[inside] = path
            self._by_name[path.name.lower()].append(path)

    def find(self, address: str) -> Path | None:
        """Return the file once served at an address, as large as there is, or None.

        A name alone decides only where one file has it: a wrong photograph is worse than none.
        """
        path = PurePosixPath(unquote(urlsplit(address).path).lower())
        names = [path.with_name(name) for name in _names(path)]
        for candidate in names:
            if found := self._by_end_of_path(candidate):
                return found
        for candidate in names:
            same = self._by_name.get(candidate.name, [])
            if len(same) == 1:
                return same[0]
        return None

    def place(self, file: Path) -> str:
        """Return a file's path inside the folder: the same wherever the folder lies."""
        return file.relative_to(self.folder or file).as_posix()

    def _by_end_of_path(self, path: PurePosixPath) -> Path | None:
        parts = [part for part in path.parts if part != "/"]
        for start in range(max(len(parts) - 1, 1)):
            if found := self._by_path.get("/".join(parts[start:])):
                return found
        return None


def _names(path: PurePosixPath) -> list[str]:
    """Return the names a file may have: without the size WordPress put behind it, then as is."""
    if not path.name:
        return []
    whole = _MADE_SMALLER.sub("", path.stem)
    names = [f"{whole}{path.suffix}", f"{whole}-scaled{path.suffix}", path.name]
    return list(dict.fromkeys(names)) if whole else [path.name]


def _files(folder: Path) -> Iterator[Path]:
    """Yield the plain files in a folder; links could lead anywhere, so they are not followed."""
    for here, _, names in os.walk(folder, followlinks=False):
        for name in sorted(names):
            path = Path(here, name)
            if path.is_file() and not path.is_symlink():
                yield path
