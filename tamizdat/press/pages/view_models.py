"""What the theme's templates get: one frozen value per kind of page.

Every template is called with `page` (one of the values below), `frame` (what all pages have in
common; the same as `page.frame`) and `link`. A page that a part makes gets `frame`, `link`
and the part's own context, so `base.html` must ask of nothing but `frame`.

All hrefs are ready to be printed: relative to the page they stand on, and to something that is
in this very edition. What is not published has no link: the field is "" or the entry is left
out. `link(path)` in a template does the same for a path of the edition ("en/privacy.html");
an `<a>` round a link to what is not there becomes plain text when the page is printed.

Nothing here changes with every publication but what `FrontPage` and `EditionPage` say of the
edition (promise P3), so no other template may show today's date or a number that counts.

Templates: press/article.html, press/front.html, press/listing.html, press/archive.html,
press/plain.html, press/notfound.html, press/search.html, press/edition.html.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal, get_args

from jinja2.runtime import Macro
from markupsafe import Markup

from tamizdat.lib.newsroom import Policy
from tamizdat.press.pages.blocks import Block
from tamizdat.press.pages.images import Image

Kind = Literal[
    "article", "front", "section", "topic", "person", "month", "archive",
    "plain", "notfound", "search", "edition", "part",
]  # fmt: skip
Role = Literal["by", "additional", "photographs", "translation"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Link:
    """A link and its text. `current` says that it leads to this page or to its section."""

    href: str
    text: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """The same page in another language, or that language's front page where there is none.

    `name` is the language's own name ("Русский"). The page's own language is among them, as
    `current`; its link is empty, which leads to this very page.
    """

    language: str
    name: str
    dir: Literal["ltr", "rtl"]
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Alternate:
    """One `<link rel="alternate" hreflang>`: a whole address. Every translation, and itself."""

    language: str
    address: str


@dataclass(frozen=True, slots=True)
class Feed:
    """One `<link rel="alternate" type>` and one entry of the footer's feeds."""

    href: str
    type: str  # "application/rss+xml", "application/atom+xml", "application/feed+json"
    name: str  # "RSS", "Atom", "JSON"


class Once:
    """Draws what many pages show alike, for the first of them only.

    In a template: `{% call frame.once("footer") %}…{% endcall %}`. Within such a block show of
    `frame` only what this says of it below, and nothing of `page`: others get the same. A page
    that differs after all says so: `unless=frame.alternates`.
    """

    def __init__(self) -> None:
        self._drawn: dict[str, Markup] = {}

    def __call__(self, what: str, caller: Callable[[], str], unless: object = None) -> Markup:
        """Return what a block of a template draws; `what` names the block."""
        if unless:
            return Markup(caller())  # noqa: S704  a template's own
        if what not in self._drawn:
            self._drawn[what] = Markup(caller())  # noqa: S704  a template's own
        return self._drawn[what]


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands around every page.

    Attributes:
        kind: The kind of page; good as a class on `<body>`.
        language: The page's language; `dir` its direction.
        title: The page's own title, without the newsroom's name; "" on the front page.
        description: One plain sentence or two for `<meta name="description">`, maybe "".
        path: Where the page stands in the edition ("en/2026/11/tram.html").
        root: The way from the page to the edition's root: "", "../", "../../"; "/" on pages
            for what was not found, which are served at any address.
        canonical: The page's whole address at the newsroom's own edition.
        noindex: Print `<meta name="robots" content="noindex">`.
        demonstration: Say on the page that the newsroom is invented.
        home: The front page in this language.
        sections: The masthead, in the editors' order; `current` is the page's own section.
        languages: The switch of languages, the newsroom's first language first.
        alternates: hreflang; empty where the page has no translation.
        footer: The plain pages that stand in the footer (about, contact, privacy, …).
        archive: The archive of this language.
        edition: The page `/edition/` that says which edition this is.
        feeds: The feeds of this language.
        favicon: The newsroom's small picture.
        opengraph: `<meta property="{0}" content="{1}">`, in order.
        json_ld: What belongs inside `<script type="application/ld+json">`, already safe there.
        strip: Fragments of the slot at the very top, "" for none.
        newsletter: Fragments of the newsletter box, "" for none.
        appeal: Fragments of the message from the editors, "" for none.
        policy: Whether this page may ask for money; "never" on a sensitive article.
        once: Draws what is alike on pages that have `language`, `home`, `sections`, `footer`,
            `archive`, `edition`, `feeds` and `favicon` in common, and `languages` where there are
            no `alternates`.
    """

    kind: Kind
    language: str
    dir: Literal["ltr", "rtl"]
    title: str
    description: str
    path: str
    root: str
    canonical: str
    noindex: bool
    demonstration: bool
    home: str
    sections: tuple[Link, ...]
    languages: tuple[LanguageLink, ...]
    alternates: tuple[Alternate, ...]
    footer: tuple[Link, ...]
    archive: str
    edition: str
    feeds: tuple[Feed, ...]
    favicon: str
    opengraph: tuple[tuple[str, str], ...]
    json_ld: Markup
    strip: Markup
    newsletter: Markup
    appeal: Markup
    policy: Policy
    link: Callable[[str], str] = field(compare=False, hash=False, repr=False)
    once: Once = field(default_factory=Once, compare=False, hash=False, repr=False)


@dataclass(frozen=True, slots=True)
class Teaser:
    """An article as lists, bands and Read more show it.

    `kicker` is the article's own, else its section's name, else "". `image` has no caption
    here. `names` are those of who wrote it, for lists that show them.

    Many pages show the same teaser: `drawn(macro, …)` draws it the first time, and gives the
    same again to whoever asks for it with the same macro's name and options.
    """

    href: str
    kicker: str
    headline: str
    standfirst: str
    published: datetime
    names: tuple[str, ...]
    image: Image | None
    sensitive: bool
    _drawings: dict[tuple[object, ...], Markup] = field(
        default_factory=dict, compare=False, repr=False
    )

    def drawn(self, macro: Macro, **options: object) -> Markup:
        """Return what a template's macro makes of this teaser, made once."""
        how = (macro.name, *options.items())
        if how not in self._drawings:
            self._drawings[how] = Markup(macro(self, **options))  # noqa: S704  a macro's own
        return self._drawings[how]


@dataclass(frozen=True, slots=True)
class Signature:
    """One name in a byline. `title` is "our reporter in …" or ""; `href` "" has no page.

    `role` is what the person did: "by", "photographs", "translation", "additional".
    """

    name: str
    title: str
    href: str
    role: Role
    kind: Literal["reporter", "photographer", "agency", "pseudonym"]


@dataclass(frozen=True, slots=True)
class Correction:
    """A dated correction, as plain text."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article. `updated` is None while it is as first published.

    `more` is Read more: up to four teasers. `translations` are this article in other languages.
    `minutes` is the reading time, at least 1.
    """

    template: ClassVar[str] = "press/article.html"
    frame: Layout
    kicker: str
    section: Link | None
    headline: str
    standfirst: str
    dateline: str
    signatures: tuple[Signature, ...]
    published: datetime
    updated: datetime | None
    lead: Image | None
    body: tuple[Block, ...]
    topics: tuple[Link, ...]
    corrections: tuple[Correction, ...]
    translations: tuple[LanguageLink, ...]
    more: tuple[Teaser, ...]
    sensitive: bool
    minutes: int

    @property
    def signed(self) -> tuple[tuple[Role, tuple[Signature, ...]], ...]:
        """Return the signatures of each role that there are any of, in the order of a byline."""
        parted = ((role, tuple(s for s in self.signatures if s.role == role)) for role in ROLES)
        return tuple((role, some) for role, some in parted if some)


@dataclass(frozen=True, slots=True)
class Band:
    """One section (or pinned topic) of the front page with its newest articles."""

    href: str
    name: str
    teasers: tuple[Teaser, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """The live or breaking line: plain text, and where it leads ("" for nowhere)."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """A language's front page, filled by itself where the editors arranged nothing.

    `date` and `number` are of the edition in which it was printed. `pinned` are topics that the
    editors pin; `boxes` the fragments of the slot "front". An article stands in only one of
    `lead`, `seconds`, `bands`; the river repeats none of `lead` and `seconds`.
    """

    template: ClassVar[str] = "press/front.html"
    frame: Layout
    lead: Teaser | None
    seconds: tuple[Teaser, ...]
    river: tuple[Teaser, ...]
    bands: tuple[Band, ...]
    pinned: tuple[Link, ...]
    live: Live | None
    boxes: Markup
    date: datetime
    number: int


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A list of articles, newest first: `frame.kind` is section, topic, person or month.

    A month has no `name` of its own: `month` is its first moment, for `month(page.month)`. A person
    has a `title` and its `person_kind`. `older` and `newer` lead to neighbouring pages of the list
    ("" at its ends); `number` is None on the list's first (newest) page.
    """

    template: ClassVar[str] = "press/listing.html"
    frame: Layout
    name: str
    about: str
    teasers: tuple[Teaser, ...]
    older: str = ""
    newer: str = ""
    number: int | None = None
    month: datetime | None = None
    title: str = ""
    person_kind: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the archive, named by its first moment."""

    href: str
    start: datetime


@dataclass(frozen=True, slots=True)
class ArchiveYear:
    """A year's months with anything published, newest first."""

    year: int
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class ArchiveIndex:
    """The archive: every year, newest first; and the lists of topics and people."""

    template: ClassVar[str] = "press/archive.html"
    frame: Layout
    years: tuple[ArchiveYear, ...]
    topics: tuple[Link, ...]
    people: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class PlainPage:
    """A page such as "About us". `version` is "" but on the privacy policy."""

    template: ClassVar[str] = "press/plain.html"
    frame: Layout
    title: str
    body: tuple[Block, ...]
    updated: datetime
    version: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """The search. `index` is what its script must know, safe inside a `<script>`."""

    template: ClassVar[str] = "press/search.html"
    frame: Layout
    index: Markup


@dataclass(frozen=True, slots=True)
class NotFound:
    """What readers get where nothing is. All its links start at the root."""

    template: ClassVar[str] = "press/notfound.html"
    frame: Layout


@dataclass(frozen=True, slots=True)
class EditionPage:
    """`/edition/`: which edition this is, and how to check it.

    `manifest` leads to the list of all files with their SHA-256; `address` is where the newsroom
    itself publishes the edition.
    """

    template: ClassVar[str] = "press/edition.html"
    frame: Layout
    number: int
    published: datetime
    manifest: str
    address: str


Page = (
    ArticlePage
    | FrontPage
    | ListingPage
    | ArchiveIndex
    | PlainPage
    | NotFound
    | SearchPage
    | EditionPage
)
