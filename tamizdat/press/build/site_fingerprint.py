"""The newsroom's look and settings, on which every page depends."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from tamizdat import __version__
from tamizdat.lib.newsroom import SETTINGS_FILE, Newsroom, last_settings
from tamizdat.lib.theme import OURS, Theme, set_theme, theme
from tamizdat.press import parts

State = tuple[tuple[str, int, int, int], ...]

_seen: dict[Path, tuple[str, State]] = {}


def fingerprint(newsroom: Newsroom) -> str:
    """Return what tells one state of theme, settings, program and parts from another.

    All pages show it. Which pages there are may follow from its `structure` alone. Where newsroom
    and program lie says nothing of how pages look: an edition that moves to another folder, or a
    program in a new one, is not printed anew.
    """
    told = sha256(__version__.encode())
    told.update(repr([part.name for part in parts.registered()]).encode())
    told.update(last_settings.text(newsroom.folder))
    for folder in (OURS, newsroom.theme):
        for file in _files(folder):
            told.update(f"{folder.name}/{file.relative_to(folder)}".encode())
            told.update(file.read_bytes())
    return told.hexdigest()


def structure(newsroom: Newsroom) -> str:
    """Return what tells whether other files may be there now: program, languages, parts."""
    parts_ = [part.name for part in parts.registered()]
    return repr((__version__, newsroom.languages, parts_))


@dataclass(frozen=True, slots=True)
class SiteState:
    """The look that pages are printed with.

    `fingerprint` was taken before `theme` read its first file. So if somebody changes a file in
    between, pages may be newer than their fingerprint says, which prints them once too often, and
    never older, which nobody would notice.
    """

    theme: Theme
    fingerprint: str
    state: State

    def moved(self) -> bool:
        """Say whether a file of the look was written since: a page may be of either state."""
        return _state(self.theme.newsroom) != self.state


def current(newsroom: Newsroom) -> SiteState:
    """Return the look as it is on disk now, read afresh if somebody changed it.

    So a desk that has been running for weeks prints like a `tamizdat build` started just now, and
    the two do not take turns in printing everything. Parts ask the settings for the newsroom, so
    these learn of it too.
    """
    state, now = _state(newsroom), fingerprint(newsroom)
    if _seen.get(newsroom.folder) != (now, state):  # also at first: settings were read before
        _seen[newsroom.folder] = now, state
        set_theme(None)
        settings.NEWSROOM = theme().newsroom
    return SiteState(theme(), now, state)


def _state(newsroom: Newsroom) -> State:
    """Return what tells whether a file was written, even if it reads as before: times and inode."""
    files = [newsroom.folder / SETTINGS_FILE]
    files += (file for folder in (OURS, newsroom.theme) for file in _files(folder))
    return tuple((str(file), *_times(file)) for file in files)


def _times(file: Path) -> tuple[int, int, int]:
    try:
        of = file.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return of.st_mtime_ns, of.st_ctime_ns, of.st_ino


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
