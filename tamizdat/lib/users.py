"""The users of this machine by name, and what to do about a file that is closed to this one."""

import os
import pwd
import shlex
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
        return f"Open it: `{command('chmod u+rwX', *_way(folder, path))}`."
    give = f"as root: `{give_command(folder)}`."
    if seen.stat().st_uid == 0:
        return f"Give the folder to {user}, {give}"
    return f"Run this as {owner(seen)}, or give the folder to {user}, {give}"


def command(words: str, *paths: Path) -> str:
    """Return a command for a shell, whatever letters are in the names of its files."""
    return f"{words} {shlex.join(map(str, paths))}"


def give_command(folder: Path) -> str:
    """Return what root runs to give a folder and all that is in it to this user."""
    return command(f"chown -hR {for_chown()}", folder)


def for_chown() -> str:
    """Return this user as chown(1) takes it: a number without the sign that sudo(8) wants."""
    return shlex.quote(this_user().removeprefix("#"))


def _way(folder: Path, path: Path) -> list[Path]:
    """Return a folder, those in it that lead to a path, and the path, the outermost first."""
    between = [each for each in path.parents if each.is_relative_to(folder)]
    return [*reversed(between), path]


def _seen(path: Path) -> Path:
    """Return the path, or the innermost of its folders that the system says anything about."""
    for each in (path, *path.parents):
        try:
            each.stat()
        except OSError:
            continue
        return each
    return Path("/")
