"""To whom a newsroom's folder belongs, and that root leaves it to them.

What root writes there, such as an alert or the files beside an SQLite database, its own user could
neither change nor delete. The newsroom would go on with less, and nobody would know why.
"""

import os
import shlex
import sys
from pathlib import Path

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.lib.users import owner


def refuse_root(folder: Path) -> None:
    """Refuse to go on as root in a folder that is there and belongs to somebody else.

    Raises:
        NewsroomError: this process is root's, the folder is not.
    """
    if os.geteuid() == 0 and folder.exists() and folder.stat().st_uid != 0:
        user = owner(folder)
        raise NewsroomError(
            f"{folder} belongs to {user}. What root writes there, {user} could not change.\n"
            f"Run the same as that user: sudo -u '{user}' {_this_command()} …"
        )


def _this_command() -> str:
    """Return how this program was called: by its name, or as a module of Python's."""
    called = Path(sys.argv[0]).absolute()
    if called.name == "__main__.py":
        return shlex.join((sys.executable, "-m", "tamizdat.site"))
    return shlex.quote(str(called))
