"""What the desk tells the counter about support: the wordings. All of it is public.

It travels in the counter's own database (`readers.counter.published`). Missing or broken, the
default wording holds: a reader must never meet a payment without its warning.
"""

from collections.abc import Mapping
from dataclasses import asdict

from tamizdat.readers.counter import published
from tamizdat.support.appeals.wording import Wording, default, wording_of

NAME = "support"


def read(language: str) -> Wording:
    """Return a language's wording as last published, or its default."""
    try:
        return wording_of((published.read(NAME) or {})[language])
    except (ValueError, KeyError, TypeError):
        return default(language)


def write(wordings: Mapping[str, Wording]) -> bool:
    """Publish, and return whether anything changed."""
    return published.write(
        NAME, {language: asdict(wording) for language, wording in wordings.items()}
    )
