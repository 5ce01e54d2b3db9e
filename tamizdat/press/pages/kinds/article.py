"""An article's page."""

from collections.abc import Iterator, Sequence
from itertools import islice

from tamizdat.desk.published import Article, Byline
from tamizdat.desk.published.pins import pins
from tamizdat.lib import paths
from tamizdat.press.content.repository import Repository
from tamizdat.press.pages import metadata
from tamizdat.press.pages.about import About
from tamizdat.press.pages.blocks import body
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.images import WIDE, image
from tamizdat.press.pages.layout import language_link, layout
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.teasers import teasers
from tamizdat.press.pages.view_models import (
    ArticlePage,
    Correction,
    LanguageLink,
    Link,
    Signature,
    Teaser,
)
from tamizdat.press.related import service
from tamizdat.press.related.drafts import near
from tamizdat.press.related.similarity import SHOWN

WORDS_A_MINUTE = 200


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where the article stands; nowhere unless it is published."""
    path, language = repository.place(int(subject)) or ("", "")
    there = language in repository.newsroom.languages
    return [OutputPath(path, language, "article")] if there else []


def foresee(repository: Repository, subjects: list[str]) -> None:
    """Read where many articles stand at once, before their addresses are asked for."""
    repository.expect_places(int(subject) for subject in subjects)


def prepare(run: RenderContext, subjects: list[str]) -> None:
    """Read many articles at once, and what their pages are going to link to."""
    articles = run.repository.expect(int(subject) for subject in subjects)
    listed = [article.card.id for article in articles]
    pinned, found = pins(listed), service.ranked_ids(listed)
    run.more = {number: _more(pinned.get(number, ()), found.get(number, ())) for number in listed}
    named = [number for more, _ in run.more.values() for number in more]
    run.link_index.look_up(f"article:{number}" for number in named)
    run.repository.cards(number for more, _ in run.more.values() for number in _shown(run, more))
    run.link_index.look_for(path for article in articles for path in _around(article))


def _around(article: Article) -> Iterator[str]:
    """Yield the paths that its page asks for, to link to them."""
    yield from (path for _, path in article.translations)
    for topic in article.topics:
        yield paths.listing(topic.language, "topic", topic.slug)
    for byline in article.bylines:
        yield paths.listing(byline.person.language, "person", byline.person.slug)


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the article's page."""
    article = run.repository.article(int(subject))
    if article is None:
        return None
    links = run.links(article.card.path)
    shown = article_page(run, article, links)
    run.modified[article.card.path] = article.updated or article.card.published
    return Rendered([page(run, shown, links)]).note([links])


def article_page(run: RenderContext, article: Article, links: Links) -> ArticlePage:
    """Return what the template gets of an article, a draft or a published one."""
    card = article.card
    return ArticlePage(
        frame=layout(run, _about(run, article), links),
        kicker=card.kicker,
        section=_section(article, links),
        headline=card.headline,
        standfirst=card.standfirst,
        dateline=article.dateline,
        signatures=tuple(_signature(byline, links) for byline in article.bylines),
        published=card.published,
        updated=article.updated,
        lead=image(card.lead, links, WIDE) if card.lead else None,
        body=body(article.body, links),
        topics=_topics(article, links),
        corrections=tuple(Correction(fix.at, fix.text) for fix in article.corrections),
        translations=_translations(run, article, links),
        more=_read_more(run, article, links),
        sensitive=card.sensitive,
        minutes=max(1, round(article.words / WORDS_A_MINUTE)),
    )


def _about(run: RenderContext, article: Article) -> About:
    card = article.card
    return About(
        kind="article",
        language=card.language,
        title=card.headline,
        description=card.standfirst,
        section=card.section,
        sensitive=card.sensitive,
        translations=article.translations,
        image=card.lead,
        published=card.published,
        updated=article.updated,
        json_ld=metadata.news_article(run, article),
    )


def _read_more(run: RenderContext, article: Article, links: Links) -> tuple[Teaser, ...]:
    number = article.card.id
    if number not in run.more:  # a preview: nothing was prepared
        run.more[number] = _more(pins([number]).get(number, ()), near(article))
    more, asked = run.more.pop(number)
    links.dependencies |= asked
    return tuple(islice(_one_by_one(run, more, links), SHOWN))


def _one_by_one(run: RenderContext, more: Sequence[int], links: Links) -> Iterator[Teaser]:
    """Yield teasers as they are asked for, so that a page needs only those that it shows."""
    for number in more:
        yield from teasers(run, [number], links)


def _shown(run: RenderContext, more: Sequence[int]) -> Iterator[int]:
    """Yield what is going to be asked for until a page has enough: far from all that is near."""
    found = 0
    for number in more:
        if found == SHOWN:
            return
        yield number
        found += bool(run.link_index.path_of(f"article:{number}"))


def _more(pinned: Sequence[int], found: Sequence[int]) -> tuple[list[int], set[str]]:
    """Return what to read after an article, and the keys that would change it.

    What editors pinned comes first. One that is not published does not show, so there may be more
    of them all than the page has room for.
    """
    return list(dict.fromkeys([*pinned, *found])), {f"card:{number}" for number in pinned}


def _section(article: Article, links: Links) -> Link | None:
    section = article.card.section
    if section is None:
        return None
    return Link(links.there(paths.listing(section.language, "section", section.slug)), section.name)


def _topics(article: Article, links: Links) -> tuple[Link, ...]:
    return tuple(
        Link(href, topic.name)
        for topic in article.topics
        if (href := links.there(paths.listing(topic.language, "topic", topic.slug)))
    )


def _signature(byline: Byline, links: Links) -> Signature:
    person = byline.person
    href = links.there(paths.listing(person.language, "person", person.slug))
    return Signature(person.name, person.title, href, byline.role, person.kind)


def _translations(run: RenderContext, article: Article, links: Links) -> tuple[LanguageLink, ...]:
    return tuple(
        language_link(language, href)
        for language, path in article.translations
        if language in run.newsroom.languages and (href := links.to(path))
    )
