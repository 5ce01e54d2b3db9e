"""The very page that readers will get, for the desk: drawn by the same code, kept nowhere.

Links lead to the edition as it is now, pictures come from the desk's own media folder.
"""

from pathlib import Path
from typing import Any

from tamizdat.desk import preview as desk_preview
from tamizdat.desk.published import Article, Front, Plain, Rendition, drafts
from tamizdat.lib import clock, paths
from tamizdat.lib.theme import theme
from tamizdat.press.build.state import last_number
from tamizdat.press.content.link_index import LinkIndex
from tamizdat.press.pages.context import RenderContext, page
from tamizdat.press.pages.kinds.article import article_page
from tamizdat.press.pages.kinds.front import front_page
from tamizdat.press.pages.kinds.plain import plain_page
from tamizdat.press.pages.kinds.robots import FAVICON
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import Page


class PreviewLinks(Links):
    """Links of a page that stands at the desk, not in the edition."""

    def __init__(self, path: str, run: RenderContext, media: Path) -> None:
        super().__init__(path, run.link_index, base=run.origin)
        self._media = media

    @property
    def by_root(self) -> Links:
        """These very links: a preview is one page, and its pictures are the desk's."""
        return self

    def there(self, path: str) -> str:
        """Return the link; for the sign in the browser's tab the desk's own copy of it.

        The page's policy lets it load pictures only from where it stands itself.
        """
        return f"/preview/{path}" if path == FAVICON else super().there(path)

    def picture(self, rendition: Rendition) -> str:
        """Return where the desk serves this size of a picture."""
        return f"/media/{rendition.file.relative_to(self._media).as_posix()}"


def connect() -> None:
    """Lend the desk our preview."""
    desk_preview.register(draw)


def draw(drafted: Any) -> tuple[str, str]:
    """Return a page of the desk as it would be printed now, and its path in the edition."""
    draft = drafts.value(drafted)
    path, look = _path(draft), theme()
    run = RenderContext(look.newsroom, look, last_number() + 1, clock.now(), LinkIndex())
    links = PreviewLinks(path, run, look.newsroom.media)
    return page(run, _page(run, draft, links), links).content.decode(), path


def _path(draft: Article | Plain | Front) -> str:
    if isinstance(draft, Front):
        return paths.front(draft.language)
    return draft.card.path if isinstance(draft, Article) else draft.path


def _page(run: RenderContext, draft: Article | Plain | Front, links: Links) -> Page:
    if isinstance(draft, Article):
        return article_page(run, draft, links)
    if isinstance(draft, Plain):
        return plain_page(run, draft, links)
    return front_page(run, draft, links)
