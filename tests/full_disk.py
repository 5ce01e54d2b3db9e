"""A disk of a few megabytes, in a mount namespace of its own: only root can have one.

A process begun with `on_small_disk` sees it, nobody else does, and it goes with the process.
"""

import os
import shutil
import subprocess
from pathlib import Path

FILLER = ".filler"


def why_not() -> str:
    """Return why this machine cannot give us a disk of our own, "" if it can."""
    if os.geteuid() != 0:
        return "a real full disk needs root, for a mount namespace"
    if shutil.which("unshare") is None:
        return "a real full disk needs unshare (util-linux)"
    there = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"],
        capture_output=True,
        check=False,
    )
    return "" if there.returncode == 0 else "this machine lets nobody mount a file system"


def on_small_disk(folder: Path, megabytes: int) -> tuple[str, ...]:
    """Return the words to put before a command, so that it finds a folder on a small disk.

    What lies in the folder is copied there first.
    """
    kept = folder.with_name(f"{folder.name}-before")
    steps = (
        f"cp -a '{folder}' '{kept}'",
        f"mount -t tmpfs -o size={megabytes}m,mode=755 tmpfs '{folder}'",
        f"cp -a '{kept}/.' '{folder}/'",
        'exec "$@"',
    )
    return ("unshare", "-m", "sh", "-ec", " && ".join(steps), "sh")


def fill(folder: Path, *, but: int) -> None:
    """Fill the disk of a folder, but for so many bytes."""
    free(folder)
    left = os.statvfs(folder)
    with (folder / FILLER).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, left.f_bavail * left.f_frsize - but))


def free(folder: Path) -> None:
    """Make room again."""
    (folder / FILLER).unlink(missing_ok=True)


def remount(folder: Path, how: str) -> None:
    """Make the disk of a folder read-only ("ro") or writable ("rw")."""
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)
