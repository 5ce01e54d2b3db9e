"""The page that says that there is no answer just now, where Django cannot say it.

The entry point shows it, and so do nginx and Caddy. It is one text in each language, complete in
itself: no style, no script, nothing of the request.
"""

from functools import cache

from tamizdat.lib.theme import Theme, direction, theme

SAYS = "That did not work"
MORE = (
    "The fault is probably ours. Nothing was kept. Please go back and try again in a few minutes."
)


@cache
def pages() -> dict[str, str]:
    """Return the page in each of the newsroom's languages, by its code."""
    return pages_of(theme())


def pages_of(words: Theme) -> dict[str, str]:
    """Return the page in each language of a theme."""
    return {language: _page(words, language) for language in words.newsroom.languages}


def wished(path: str, accepted: str) -> str:
    """Return the language of an address, or else the first of ours that a browser asks for."""
    newsroom = theme().newsroom
    asked = (each.partition(";")[0].strip().partition("-")[0] for each in accepted.split(","))
    wishes = (path.lstrip("/").partition("/")[0], *asked)
    return next((each for each in wishes if each in newsroom.languages), newsroom.language)


def _page(words: Theme, language: str) -> str:
    title, more = (words.text(each, language) for each in (SAYS, MORE))
    return (
        f"<!doctype html><html lang={language} dir={direction(language)}><meta charset=utf-8>"
        "<meta name=viewport content=width=device-width>"
        f"<title>{title}</title><h1>{title}</h1><p>{more}</p></html>\n"
    )
