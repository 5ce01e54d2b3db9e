"""One run of the press: what all pages of an edition are printed with."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from tamizdat.desk.published import Picture
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.theme import Theme
from tamizdat.press.content.link_index import LinkIndex
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.fragments import Fragments
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import Page, Teaser
from tamizdat.press.search.incremental import Amendable

T = TypeVar("T")


@dataclass
class RenderContext:
    """What a page may know besides its own subject.

    Attributes:
        number: Of the edition that is being made; only the front page and `/edition/` show it.
        at: When it is published (UTC); the same two pages, and the news sitemap.
        modified: When articles printed in this run were last changed, by path.
        more: What to read after articles that are about to be printed, and the lists asked.
        teasers: Those that several pages show, by article and size.
        placed: The paths that each place's fragments link to, by the place's key.
        amendable: What of the search need not be made from its articles.
        standing: Returns the file that readers have at a path, None if there is none.
    """

    newsroom: Newsroom
    theme: Theme
    number: int
    at: datetime
    link_index: LinkIndex = field(default_factory=LinkIndex)
    fragments: Fragments = field(default_factory=Fragments)
    modified: dict[str, datetime] = field(default_factory=dict)
    more: dict[int, tuple[list[int], set[str]]] = field(default_factory=dict)
    teasers: dict[Hashable, Teaser] = field(default_factory=dict)
    placed: dict[str, set[str]] = field(default_factory=dict)
    amendable: Amendable = field(default_factory=Amendable)
    standing: Callable[[str], bytes | None] = lambda _path: None

    def __post_init__(self) -> None:
        self.repository = Repository(self.newsroom)
        self._made: dict[Hashable, Any] = {}

    def once(self, of: Hashable, make: Callable[[], T]) -> T:
        """Return what many pages share, made for the first that asks; `of` names it wholly."""
        if of not in self._made:
            self._made[of] = make()
        made: T = self._made[of]
        return made

    @property
    def origin(self) -> str:
        """The newsroom's own address, with a slash at its end."""
        return f"{self.newsroom.addresses.edition}/"

    def links(self, path: str) -> Links:
        """Return the links of the page that stands at a path."""
        return Links(path, self.link_index)

    def address(self, path: str) -> str:
        """Return the whole address of a path; a folder's own page goes by the folder."""
        return self.origin + (path.removesuffix("index.html"))


@dataclass(frozen=True, slots=True)
class OutputPath:
    """Where an output file stands, in which language ("" for none), and of what kind it is."""

    path: str
    language: str
    kind: str


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """An output file as printed."""

    path: str
    content: bytes


@dataclass
class Rendered:
    """All that one job made, the keys it used, and the pictures it shows."""

    files: list[RenderedFile]
    dependencies: set[str] = field(default_factory=set)
    pictures: dict[int, Picture] = field(default_factory=dict)

    def note(self, every: Iterable[Links]) -> "Rendered":
        """Take over what these links were asked for."""
        for links in every:
            self.dependencies |= links.dependencies
            self.pictures |= links.pictures
        return self


def page(run: RenderContext, page: Page, links: Links) -> RenderedFile:
    """Return a page printed by its template of the theme."""
    html = run.theme.render(
        page.template, page.frame.language, page=page, frame=page.frame, link=links.to
    )
    return RenderedFile(links.path, links.rooted(links.place(html)).encode())
