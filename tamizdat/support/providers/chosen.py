"""Which payment service this newsroom uses."""

from functools import cache
from pathlib import Path

from tamizdat.lib.newsroom import PROVIDERS, Newsroom, NewsroomError
from tamizdat.support.providers.base import Provider

METHODS = {"pretend": ("Visa", "Mastercard")}


def methods(newsroom: Newsroom) -> tuple[str, ...]:
    """Return what readers may pay with, without opening the service: pages are made far from it."""
    return METHODS.get(newsroom.support.provider, ())


def provider(newsroom: Newsroom) -> Provider:
    """Return the newsroom's payment service, opened once a process.

    Raises:
        NewsroomError: the settings name a service that we do not know.
    """
    name = newsroom.support.provider
    if name not in PROVIDERS:
        raise NewsroomError(f"support.provider knows {', '.join(PROVIDERS)}, not {name!r}.")
    listed = min(newsroom.support.refused_countries, default="RU")
    return _pretend(newsroom.data / "pretend.sqlite3", newsroom.addresses.till, listed)


@cache
def _pretend(book: Path, origin: str, listed: str) -> Provider:
    from tamizdat.support.providers.pretend import Pretend

    return Pretend(book, origin, listed=listed)
