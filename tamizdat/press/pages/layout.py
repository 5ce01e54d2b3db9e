"""What stands around every page: masthead, languages, footer, feeds, slots, and its head."""

from dataclasses import dataclass

from markupsafe import Markup

from tamizdat.lib import paths
from tamizdat.lib.newsroom import LANGUAGES, Policy
from tamizdat.lib.theme import direction
from tamizdat.press.pages import metadata
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.fragments import place_key
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import Alternate, Feed, LanguageLink, Layout, Link, Once
from tamizdat.press.parts import Slot

FEEDS = (
    ("rss.xml", "application/rss+xml", "RSS"),
    ("atom.xml", "application/atom+xml", "Atom"),
    ("json", "application/feed+json", "JSON"),
)
SHORT = 300  # characters of a description


def layout(run: RenderContext, about: About, links: Links) -> Layout:
    """Return the frame of a page, with everything it links to checked against the edition."""
    language, canonical = about.language, run.address(about.place or links.path)
    others = _translations(about, links, run)
    key = _place(about, links)
    mine = about.section.id if about.section else None
    own = links.path if about.kind == "plain" else ""
    shared = run.once(
        ("furniture", language, mine, own, links.standing),
        lambda: _shared_layout(run, about, links),
    )
    tongues = _languages(run, language, links.around(), others) if others else shared.languages
    return Layout(
        kind=about.kind,
        language=language,
        dir="rtl" if direction(language) == "rtl" else "ltr",
        title=about.title,
        description=shortened(about.description),
        path=links.path,
        root=shared.root,
        canonical=canonical,
        noindex=run.newsroom.demonstration or about.kind in ("notfound", "search", "edition"),
        demonstration=run.newsroom.demonstration,
        home=shared.home,
        sections=shared.sections,
        languages=tongues,
        alternates=_alternates(run, about, canonical, others),
        footer=shared.footer,
        archive=shared.archive,
        edition=shared.edition,
        feeds=shared.feeds,
        favicon=shared.favicon,
        opengraph=metadata.opengraph(run, about, canonical),
        json_ld=metadata.script(about.json_ld),
        strip=_slot(run, "strip", key, links),
        newsletter=_slot(run, "newsletter", key, links),
        appeal=_slot(run, "appeal", key, links),
        policy=_policy(run, about),
        link=links.to,
        once=shared.once,
    )


@dataclass(frozen=True, slots=True)
class _SharedLayout:
    """What many pages have in common: all articles of a section, in whatever month."""

    root: str
    home: str
    sections: tuple[Link, ...]
    languages: tuple[LanguageLink, ...]
    footer: tuple[Link, ...]
    archive: str
    edition: str
    feeds: tuple[Feed, ...]
    favicon: str
    once: Once


def _shared_layout(run: RenderContext, about: About, links: Links) -> _SharedLayout:
    around, language = links.around(), about.language
    sections = (
        paths.listing(of.language, "section", of.slug) for of in run.repository.sections(language)
    )
    run.link_index.look_for((*sections, *(plain.path for plain in run.repository.plains(language))))
    return _SharedLayout(
        root=around.way("x").removesuffix("x"),
        home=around.way(paths.front(language)),
        sections=_sections(run, about, around),
        languages=_languages(run, language, around, {}),
        footer=_footer(run, about, links.path, around),
        archive=around.way(paths.archive(language)),
        edition=around.way(paths.edition()),
        feeds=tuple(Feed(around.way(paths.feed(language, f)), t, n) for f, t, n in FEEDS),
        favicon=links.there("favicon.svg"),  # a preview's is not the edition's
        once=Once(),
    )


def boxes(run: RenderContext, about: About, links: Links) -> Markup:
    """Return what parts put into the slot of the front page."""
    return _slot(run, "front", _place(about, links), links)


def shortened(text: str) -> str:
    """Return a text of at most 300 characters, cut between words."""
    if len(text) <= SHORT:
        return text
    return text[:SHORT].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _place(about: About, links: Links) -> str:
    section = about.section.slug if about.section else None
    key = place_key(about.language, about.kind, section, sensitive=about.sensitive)
    links.dependencies.add(key)
    return key


def _slot(run: RenderContext, slot: Slot, key: str, links: Links) -> Markup:
    """Return what stands in a slot, with links from this page.

    What these links lead to is noted once for the place, and not for each of its pages.
    """

    def placed() -> tuple[Markup, set[str]]:
        around = links.around()
        return around.place(run.fragments.at(slot, key)), around.dependencies

    html, dependencies = run.once(("slot", slot, key, links.standing), placed)
    run.placed.setdefault(key, set()).update(dependencies)
    return html


def _policy(run: RenderContext, about: About) -> Policy:
    if about.sensitive:
        return "never"
    return run.newsroom.policy(about.language, about.section.slug if about.section else None)


def _sections(run: RenderContext, about: About, around: Links) -> tuple[Link, ...]:
    mine = about.section.id if about.section else None
    return tuple(
        Link(href, of.name, current=of.id == mine)
        for of in run.repository.sections(about.language)
        if (href := around.there(paths.listing(of.language, "section", of.slug)))
    )


def _footer(run: RenderContext, about: About, path: str, around: Links) -> tuple[Link, ...]:
    own = path if about.kind == "plain" else ""
    return tuple(
        Link(href, plain.title, current=plain.path == own)
        for plain in run.repository.plains(about.language)
        if plain.in_footer and (href := around.there(plain.path))
    )


def _translations(about: About, links: Links, run: RenderContext) -> dict[str, str]:
    """Return the paths of the page's translations that are in the edition, by language."""
    wanted = (pair for pair in about.translations if pair[0] in run.newsroom.languages)
    return {language: path for language, path in wanted if links.to(path)}


def _languages(
    run: RenderContext, own: str, around: Links, others: dict[str, str]
) -> tuple[LanguageLink, ...]:
    return tuple(
        language_link(code, "", current=True)
        if code == own
        else language_link(code, around.way(others.get(code, paths.front(code))))
        for code in run.newsroom.languages
    )


def language_link(language: str, href: str, *, current: bool = False) -> LanguageLink:
    """Return a link to another language, under that language's own name."""
    dir_ = "rtl" if direction(language) == "rtl" else "ltr"
    return LanguageLink(language, LANGUAGES[language], dir_, href, current)  # type: ignore[arg-type]  # mypy widens the conditional


def _alternates(
    run: RenderContext, about: About, canonical: str, others: dict[str, str]
) -> tuple[Alternate, ...]:
    if not others:
        return ()
    every = {about.language: canonical}
    every |= {language: run.address(path) for language, path in others.items()}
    return tuple(Alternate(code, every[code]) for code in run.newsroom.languages if code in every)
