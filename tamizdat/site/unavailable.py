"""Pages for when Django does not answer: the entry point shows one, nginx the other.

Each is one text in each language, complete in itself: no style, no script, nothing of the request.
"""

from functools import cache
from html import escape

from tamizdat.lib.theme import Theme, direction
from tamizdat.lib.theme import theme as newsrooms_theme


@cache
def refused_pages() -> dict[str, str]:
    """Return what the entry point says to a request that Django never saw, by language."""
    theme = newsrooms_theme()
    return {language: _refused(theme, language) for language in theme.newsroom.languages}


def away_pages(theme: Theme) -> dict[str, str]:
    """Return what a web server says while a role does not answer it, by language.

    Nobody knows whether the role still did what it was asked, so the page does not say it.
    """
    return {language: _away(theme, language) for language in theme.newsroom.languages}


def wished(path: str, accepted: str) -> str:
    """Return the language of an address, or else the first of ours that a browser asks for."""
    newsroom = newsrooms_theme().newsroom
    asked = (each.partition(";")[0].strip().partition("-")[0] for each in accepted.split(","))
    wishes = (path.lstrip("/").partition("/")[0], *asked)
    return next((each for each in wishes if each in newsroom.languages), newsroom.language)


def _refused(theme: Theme, language: str) -> str:
    title = theme.text("That did not work", language)
    more = theme.text(
        "The fault is probably ours. Nothing was kept. "
        "Please go back and try again in a few minutes.",
        language,
    )
    return _page(language, title, more)


def _away(theme: Theme, language: str) -> str:
    title = theme.text("Just a moment", language)
    more = theme.text(
        "This page does not answer just now. Please try again in a few minutes.", language
    )
    return _page(language, title, more)


def _page(language: str, title: str, more: str) -> str:
    """Return a page without the signs that end a text in a web server's configuration."""
    head, text = (escape(each).replace("$", "&#36;") for each in (title, more))
    return (
        f"<!doctype html><html lang={language} dir={direction(language)}><meta charset=utf-8>"
        "<meta name=viewport content=width=device-width>"
        f"<title>{head}</title><h1>{head}</h1><p>{text}</p></html>"
    )
