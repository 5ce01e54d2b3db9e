"""The theme's own words: catalogues in gettext's .po form, read as they are at the start."""

from collections.abc import Iterable
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def read(folders: Iterable[Path], language: str) -> NullTranslations:
    """Return a language's words; of two folders' translations the first one's counts.

    English is the source and needs no catalogue. A word without a translation, or with one
    that a machine guessed ("fuzzy"), stays English: readers are told nothing unread.
    """
    words: NullTranslations = NullTranslations()
    for folder in reversed(list(folders)):
        path = folder / f"{language}.po"
        if path.is_file():
            fresh = _compiled(catalogue(path, language))
            fresh.add_fallback(words)
            words = fresh
    return words


def catalogue(path: Path, language: str) -> Catalog:
    """Return a .po file as babel sees it.

    Raises:
        PoFileError: it is broken; a half-read catalogue would show half-translated pages.
    """
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _compiled(words: Catalog) -> GNUTranslations:
    file = BytesIO()
    write_mo(file, words)
    file.seek(0)
    return GNUTranslations(file)
