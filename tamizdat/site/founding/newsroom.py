"""Found a newsroom: make its folder whole, or not at all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tamizdat.lib import clock
from tamizdat.lib.newsroom import SETTINGS_FILE, Newsroom, NewsroomError, load
from tamizdat.lib.processes import environment
from tamizdat.lib.users import this_user
from tamizdat.press.output.tree_files import open_folder
from tamizdat.site.boot import boot, migrate
from tamizdat.site.file_modes import tighten
from tamizdat.site.founding.databases_in_use import refuse_in_use
from tamizdat.site.founding.settings_file import Wanted, text

EDITORS_ALSO = (
    "letters.view_newsletter",
    "letters.add_newsletter",
    "letters.change_newsletter",
    "support.view_appeal",
    "support.change_appeal",
)
FOLDERS = ("data", "media", "keys", "theme")  # and the edition, which others may read


def found(folder: Path, wanted: Wanted, passphrase: str) -> None:
    """Make a newsroom in `folder`: settings, databases, keys, first pages.

    It is made beside its place and moved there at the end, so that a crash leaves no
    half newsroom. Keys are never written over: a folder that holds anything is refused.

    Raises:
        NewsroomError: the folder is not empty, or cannot be written; a database is in use.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NewsroomError(f"{folder} is not empty; a newsroom is made in a new folder.")
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    if not wanted.demonstration:  # which has databases of its own, whatever is named
        refuse_in_use(unfinished)
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True)
    except OSError as error:
        raise NewsroomError(
            f"{folder} cannot be made: {error.strerror}. Let {this_user()} write in "
            f"{folder.parent}, or name another folder."
        ) from None
    try:
        _make(unfinished, wanted, passphrase)
        if folder.exists():
            folder.rmdir()
        unfinished.rename(folder)
    except BaseException:  # Ctrl-C too: it holds keys already
        shutil.rmtree(unfinished, ignore_errors=True)
        raise


def _make(folder: Path, wanted: Wanted, passphrase: str) -> None:
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    open_folder(folder / "edition")
    (folder / SETTINGS_FILE).write_text(text(wanted), encoding="utf-8")
    load(folder)
    _furnish_in_own_process(folder, passphrase)


def _furnish_in_own_process(folder: Path, passphrase: str) -> None:
    """Furnish in a process of its own: Django keeps the paths of a folder that is moved later."""
    run = subprocess.run(  # noqa: S603  our own module, no shell
        [sys.executable, "-m", "tamizdat.site.founding.newsroom", str(folder)],
        env=environment.of("demo" if load(folder).demonstration else "init"),
        input=passphrase,
        text=True,
        capture_output=True,
        check=False,
    )
    if run.returncode:
        last = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise NewsroomError(f"{folder.name} could not be furnished: {last}")


def furnish(folder: Path, passphrase: str) -> None:
    """Make the keys, the databases and the first pages of a newsroom whose folder stands."""
    from tamizdat.readers.keys import make

    make(folder / "keys", passphrase)
    newsroom = boot(folder)
    migrate()
    lay_out_rooms(newsroom)


def keep_up(newsroom: Newsroom) -> None:
    """Bring a newsroom that an older program founded up to what this one would make.

    Who may read its files; then, at the desk, its databases, what groups may do and the pages of
    new languages. Counter and till change nothing: the desk does it for them, but for a till on a
    machine of its own, which brings its own database up to date.

    Raises:
        NewsroomError: the desk's database was lost.
        Error: the database that is brought up to date is away or cannot be written.
    """
    tighten(newsroom.folder)
    from tamizdat.site.databases import migrating

    role = os.environ["TAMIZDAT_ROLE"]
    if role == "desk":
        with migrating.alone():
            _keep_up_the_desk(newsroom)
    elif role == newsroom.main_role == "till":
        migrating.mend("till")


def _keep_up_the_desk(newsroom: Newsroom) -> None:
    from tamizdat.letters.delivery import resealing
    from tamizdat.site.databases import migrating
    from tamizdat.site.databases.lost_parts import refuse_lost_database

    refuse_lost_database(newsroom)
    migrating.migrate()
    lay_out_rooms(newsroom)
    resealing.retire(newsroom)


def lay_out_rooms(newsroom: Newsroom) -> None:
    """Make what each room needs, and let editors do in other rooms what is theirs."""
    from tamizdat.desk.accounts.actions import groups
    from tamizdat.desk.actions.newsroom import lay_out
    from tamizdat.readers import publishing
    from tamizdat.readers.keys import founded_keys
    from tamizdat.support.actions import lay_out_support

    lay_out(newsroom)
    publishing.remove_former_files(newsroom.data)
    founded_keys.remember(newsroom.keys)
    publishing.change_keys(newsroom, clock.now())
    lay_out_support(newsroom)
    groups.entrust(groups.EDITORS, EDITORS_ALSO)


if __name__ == "__main__":
    furnish(Path(sys.argv[1]), sys.stdin.read())
