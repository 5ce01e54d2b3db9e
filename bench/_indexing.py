"""Make an archive's search, and nothing else: `python -m bench._indexing NEWSROOM EDITION`.

What a full build does for the search, with its own parts: the lists, the shards, the pages.
"""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tamizdat.site.boot import boot

if TYPE_CHECKING:  # they need a newsroom that is open
    from tamizdat.press.pages.context import RenderContext, Rendered

BATCH = 2_000  # articles that are shelved at once


def main(newsroom: Path, edition: Path) -> None:
    """Write every language's search into a folder and say how long it took."""
    boot(newsroom)
    from django.conf import settings

    from tamizdat.lib.theme import theme
    from tamizdat.press.pages.context import RenderContext

    started = time.monotonic()
    run = RenderContext(settings.NEWSROOM, theme(), 1, datetime(2026, 11, 23, tzinfo=UTC))
    for language in settings.NEWSROOM.languages:
        _shelve(language)
        _print(run, language, edition)
    print(f"{time.monotonic() - started:.1f}")


def _shelve(language: str) -> None:
    from tamizdat.desk import published
    from tamizdat.press.content import lists

    register, every = published.Register(), published.live_ids(language)
    for start in range(0, len(every), BATCH):
        cards = register.cards(every[start : start + BATCH])
        lists.fill(
            lists.SEARCH + language, {number: card.published for number, card in cards.items()}
        )


def _print(run: "RenderContext", language: str, edition: Path) -> None:
    from tamizdat.press.content import lists
    from tamizdat.press.pages.kinds import search, shard

    of = lists.SEARCH + language
    shards = (lists.pages(of) | set(lists.ends(of).head)) - {lists.HEAD}
    for number in sorted(shards):
        _write(edition, shard.make(run, f"{language}:{number}"))
    _write(edition, search.make(run, language))


def _write(edition: Path, printed: "Rendered | None") -> None:
    for sheet in printed.files if printed else ():
        file = edition / sheet.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(sheet.content)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
