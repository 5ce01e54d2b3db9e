"""Fill a founded newsroom with the demonstration's content, and publish it."""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tamizdat.lib import clock
from tamizdat.site.boot import boot
from tamizdat.site.demo.making import CONTENT, EDITOR

Raw = Mapping[str, Any]


def load(folder: Path) -> None:
    """Load everything in one transaction, and print the first edition once at its end."""
    newsroom = boot(folder)
    from django.db import transaction

    from tamizdat.press.actions import hold
    from tamizdat.site.demo import letters
    from tamizdat.site.demo.pages import Pages

    about = tomllib.loads((CONTENT / "newsroom.toml").read_text(encoding="utf-8"))
    at = clock.now()
    with hold(), transaction.atomic():
        _let_the_editor_in()
        pages = Pages(about, at)
        for language in newsroom.languages:
            pages.load(language, list(_raws("articles", language)), list(_raws("pages", language)))
        letters.load_appeal(about["appeal"], newsroom.languages)
        letters.load_newsletters(about, newsroom.languages, at)


def _let_the_editor_in() -> None:
    from tamizdat.desk.accounts.actions.staff import create_user

    address, password = EDITOR
    create_user(address, "Mila Ostrand", password, "admin")


def _raws(kind: str, language: str) -> Iterator[Raw]:
    for path in sorted((CONTENT / kind / language).glob("*.toml")):
        yield tomllib.loads(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    load(Path(sys.argv[1]))
