"""The users of this machine by name, and what to do about a file that is closed to this one."""

import os
import pwd
from pathlib import Path


def owner(path: Path) -> str:
    """Return the user to whom a file or folder belongs, by name; by number, as #1003, without one.

    Raises:
        OSError: it is not there, or out of reach.
    """
    return _named(path.stat().st_uid)


def this_user() -> str:
    """Return the user as whom this process runs, named as `owner` does."""
    return _named(os.geteuid())


def _named(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"#{number}"  # as sudo(8) and systemd take it


def why_closed(path: Path) -> str:
    """Return in a sentence whose a file is that this user may not open."""
    seen = _seen(path)
    which = f"{path.name} belongs" if seen == path else f"Its folder {seen} belongs"
    return f"{which} to {owner(seen)}, and this process runs as {this_user()}."


def open_it(path: Path, folder: Path) -> str:
    """Return what to do about a file that this user may not open: a command, as root if need be.

    What root restored is root's with all that is in the folder, hence the whole of it. What
    belongs to neither may be right as it is, and we be the wrong user.
    """
    seen, user = _seen(path), this_user()
    if not seen.is_relative_to(folder):
        return f"Let {user} through {seen}, or run this as another user."
    if owner(seen) == user:
        return f"Open it: `chmod u+rwX {folder} {path}`."
    give = f"as root: `chown -hR {user} {folder}`."
    if seen.stat().st_uid == 0:
        return f"Give the folder to {user}, {give}"
    return f"Run this as {owner(seen)}, or give the folder to {user}, {give}"


def _seen(path: Path) -> Path:
    """Return the path, or the innermost of its folders that the system says anything about."""
    for each in (path, *path.parents):
        try:
            each.stat()
        except OSError:
            continue
        return each
    return Path("/")
