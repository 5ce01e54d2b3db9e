"""The newsroom's look and settings, on which every page depends."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings

from tamizdat import __version__
from tamizdat.lib.newsroom import SETTINGS_FILE, Newsroom
from tamizdat.lib.theme import OURS, Theme, set_theme, theme
from tamizdat.press import parts

_seen: dict[Path, str] = {}


def fingerprint(newsroom: Newsroom) -> str:
    """Return what tells one state of theme, settings, program and parts from another.

    All pages show it. Which pages there are may follow from its `structure` alone.
    """
    told = sha256(__version__.encode())
    told.update(repr([part.name for part in parts.registered()]).encode())
    for file in [newsroom.folder / SETTINGS_FILE, *_files(OURS), *_files(newsroom.theme)]:
        told.update(str(file).encode())
        told.update(file.read_bytes())
    return told.hexdigest()


def structure(newsroom: Newsroom) -> str:
    """Return what tells whether other leaves may be there now: program, languages, parts."""
    parts_ = [part.name for part in parts.registered()]
    return repr((__version__, newsroom.languages, parts_))


def current_theme(newsroom: Newsroom) -> Theme:
    """Return the theme as it is on disk now, read afresh if somebody changed it.

    So a desk that has been running for weeks prints like a `tamizdat build` started just now, and
    the two do not take turns in printing everything. Parts ask the settings for the newsroom, so
    these learn of it too.
    """
    now = fingerprint(newsroom)
    if _seen.get(newsroom.folder) != now:  # also at first: settings were read before this look
        _seen[newsroom.folder] = now
        set_theme(None)
        settings.NEWSROOM = theme().newsroom
    return theme()


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())
