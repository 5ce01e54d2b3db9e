"""Where everything stands in an edition: paths from its root, without a slash in front.

An article's path holds neither its section nor anything else that may change after the
first publication. Every page is a named `.html` file, so that a copy opened from a USB
stick works like one behind a server, and links between pages are relative, so that a
copy in a subfolder works like one at the root.
"""

from datetime import datetime


def front(language: str) -> str:
    """Return the path of a language's front page."""
    return f"{language}/index.html"


def article(language: str, first_published: datetime, slug: str) -> str:
    """Return the path of an article, fixed by its first publication (UTC)."""
    return f"{language}/{first_published:%Y/%m}/{slug}.html"


def listing(language: str, kind: str, slug: str, number: int | None = None) -> str:
    """Return the path of a section, topic or person (`kind`), or of one of its older pages."""
    if number is None:
        return f"{language}/{kind}/{slug}.html"
    return f"{language}/{kind}/{slug}/{number}.html"


def archive(language: str, month: str | None = None) -> str:
    """Return the path of the archive, or of a month of it ("2026-11")."""
    return f"{language}/archive/{month or 'index'}.html"


def search(language: str) -> str:
    """Return the path of a language's search."""
    return f"{language}/search.html"


def search_file(language: str, shard: int, name: str) -> str:
    """Return the path of a file of the search's index."""
    return f"{language}/search/{shard}/{name}"


def plain(language: str, slug: str) -> str:
    """Return the path of a plain page."""
    return f"{language}/{slug}.html"


def newsletter(language: str, code: str, day: str | None = None) -> str:
    """Return the path of a newsletter's page, or of the issue of a day ("2026-11-20")."""
    return f"{language}/letters/{code}/{day or 'index'}.html"


def support(language: str) -> str:
    """Return the path of a language's page about supporting the newsroom."""
    return f"{language}/support.html"


def feed(language: str, form: str) -> str:
    """Return the path of a language's feed; `form` is "rss.xml", "atom.xml" or "json"."""
    return f"{language}/feed.{form}"


def not_found(language: str) -> str:
    """Return the path of a language's page for what is not there."""
    return f"{language}/404.html"


def own_words() -> frozenset[str]:
    """Return what no plain page may be called: the edition itself stands there, or beside it.

    Each is the first word after the language of a path that this file makes.
    """
    under = "-"
    lists = (listing(under, kind, "-") for kind in ("section", "topic", "person"))
    own = (
        *(front(under), not_found(under), archive(under), newsletter(under, "-")),
        *(support(under), search(under), feed(under, "json"), *lists),
    )
    return frozenset(path.split("/")[1].partition(".")[0] for path in own)


def edition() -> str:
    """Return the path of the page that says which edition this is."""
    return "edition/index.html"


def picture(digest: str, width: int, form: str) -> str:
    """Return the path of one size of a picture; `digest` is of its clean master."""
    return f"pictures/{digest[:20]}-{width}.{form}"


def relative(target: str, start: str) -> str:
    """Return the link from the page at `start` to the file at `target`."""
    folders, way = start.split("/")[:-1], target.split("/")
    shared = 0
    while shared < min(len(folders), len(way) - 1) and folders[shared] == way[shared]:
        shared += 1
    return "../" * (len(folders) - shared) + "/".join(way[shared:])
