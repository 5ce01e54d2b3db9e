"""The last good settings: a newsroom goes on with them while its settings file is broken.

A typing error must not take readers' pages away. Whoever reads the settings file successfully
keeps a copy of it in `data/`, as private as the file itself. While the file is broken or missing
the copy is used, and an alert says what is wrong and where.
"""

import contextlib
from pathlib import Path

from tamizdat.lib import alerts, clock
from tamizdat.lib import newsroom as newsrooms
from tamizdat.lib.alerts import Alert
from tamizdat.lib.newsroom import (
    LAST_GOOD,
    SETTINGS_FILE,
    ClosedSettingsError,
    Newsroom,
    NewsroomError,
    parse,
)
from tamizdat.lib.replacing import replace

ALERT = "settings"
WHAT = f"The settings file {SETTINGS_FILE} is broken. All goes on with the settings of before."
DO = f"Mend {SETTINGS_FILE}. `tamizdat doctor` says when it is good again."
CLOSED = (
    f"The settings file {SETTINGS_FILE} cannot be read by this user. "
    "All goes on with the settings of before."
)


def load_or_last(folder: str | Path) -> Newsroom:
    """Read a newsroom's settings file; while it is broken, return what it said before.

    Raises:
        NewsroomError: it is broken, and this newsroom has never been started with a good one.
    """
    place = Path(folder).resolve()
    data = place / "data"
    try:
        said = newsrooms.text(place)
        newsroom = parse(place, said)
    except NewsroomError as error:
        last = _last(place)
        if last is None:
            raise
        alerts.raise_alert(data, _alert(error), clock.now(), lambda: _is_broken(place))
        return last
    _keep(place / LAST_GOOD, said)
    alerts.clear(data, ALERT)
    return newsroom


class Look:
    """Looks at a settings file again and again, while the newsroom goes on with what it read.

    A mistake is told when it is made, not when the next process begins. The file is read only
    where it was saved since the last look.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[int, int, int] | None = None
        self._is_first = True

    def look(self) -> None:
        """Raise the alert if the file is broken or gone now; clear it if it is good."""
        version = _version(self._folder / SETTINGS_FILE)
        if version == self._seen and not self._is_first:
            return
        self._seen, self._is_first = version, False
        try:
            load_or_last(self._folder)
        except NewsroomError as error:  # there is no copy either
            place = self._folder
            told = place / "data", _alert(error), clock.now()
            alerts.raise_alert(*told, lambda: _is_broken(place))


def _is_broken(folder: Path) -> bool:
    try:
        parse(folder, newsrooms.text(folder))
    except NewsroomError:
        return True
    return False


def _alert(error: NewsroomError) -> Alert:
    if isinstance(error, ClosedSettingsError):
        return Alert(ALERT, CLOSED, error.why, error.do)
    return Alert(ALERT, WHAT, str(error), DO)


def _version(file: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is saved or given away; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_ctime_ns, found.st_size


def text(folder: Path) -> bytes:
    """Return the text of the settings that are in force: the file, or while it is broken the copy.

    Raises:
        OSError: neither can be read.
    """
    with contextlib.suppress(NewsroomError):
        said = newsrooms.text(folder)
        parse(folder, said)
        return said
    return (folder / LAST_GOOD).read_bytes()


def _last(folder: Path) -> Newsroom | None:
    try:
        return parse(folder, (folder / LAST_GOOD).read_bytes())
    except (OSError, NewsroomError):
        return None


def _keep(copy: Path, said: bytes) -> None:
    """Keep what was understood, if it changed. Where nothing can be written it stays as it was.

    The file is not read again: somebody may be saving it.
    """
    with contextlib.suppress(OSError):
        if not _holds(copy, said):
            replace(copy, said)


def _holds(copy: Path, said: bytes) -> bool:
    """Say whether the copy holds this. One that another user made, and we cannot read, does not."""
    try:
        return copy.read_bytes() == said
    except OSError:
        return False
