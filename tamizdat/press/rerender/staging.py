"""Where pages lie that were rendered again, until an edition takes them in."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tamizdat.lib.filelock import lock
from tamizdat.press.output.tree_files import FILE, open_folder


class Staging:
    """A folder beside the edition's trees. One process renders to it: the one that holds its lock.

    The lock ends with that process and with those that it forked. Pages of the dead are swept by
    the next: that they were to be printed stands in our rows.
    """

    def __init__(self, edition: Path) -> None:
        self.folder = edition / ".ahead"
        self._edition = edition
        self._kept = 0

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Be the one process that renders to it; yields whether we are."""
        open_folder(self._edition)
        with lock(self._edition / ".ahead.lock", wait=False) as held:
            if held is not None:
                self.sweep()
            yield held is not None

    def sweep(self) -> None:
        """Forget all pages that lie here."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def keep(self, content: bytes) -> Path:
        """Put a page aside and return where."""
        self._kept += 1
        path = self.folder / f"{os.getpid()}-{self._kept}"
        with path.open("xb") as file:
            os.fchmod(file.fileno(), FILE)
            file.write(content)
        return path
