"""The newsroom's look and settings, on which every page depends."""

from hashlib import sha256
from pathlib import Path

from django.conf import settings

from tamizdat import __version__
from tamizdat.lib import last_settings
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import OURS, Theme, set_theme, theme
from tamizdat.press import parts

_seen: dict[Path, str] = {}


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
