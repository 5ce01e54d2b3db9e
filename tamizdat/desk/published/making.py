"""Articles and plain pages as values, from rows of the database or from a draft in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from wagtail.models import Page

from tamizdat.desk import models
from tamizdat.desk.cleaning import line, text
from tamizdat.desk.published import body as bodies
from tamizdat.desk.published import pictures
from tamizdat.desk.published.filing import Filing
from tamizdat.desk.published.values import Article, Byline, Card, Correction, Plain
from tamizdat.lib import clock, paths

SAME_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article's rows, gathered."""

    article: models.ArticlePage
    bylines: Sequence[models.Byline]
    topics: Sequence[models.Topic] = ()
    corrections: Sequence[models.Correction] = ()
    translations: tuple[tuple[str, str], ...] = ()


def cards(sheets: Sequence[Sheet]) -> list[Card]:
    """Return the card of each sheet, with three queries for all of them."""
    filing = _filing(sheets)
    found = pictures.find(sheet.article.lead_picture_id or 0 for sheet in sheets)
    return [_card(sheet, filing, found) for sheet in sheets]


def articles(sheets: Sequence[Sheet]) -> list[Article]:
    """Return the article of each sheet, with five queries for all of them."""
    filing = _filing(sheets)
    around = surroundings(
        [sheet.article.body.raw_data for sheet in sheets],
        (sheet.article.lead_picture_id or 0 for sheet in sheets),
    )
    return [_article(sheet, filing, around) for sheet in sheets]


def plain(page: models.PlainPage, translations: tuple[tuple[str, str], ...]) -> Plain:
    language = page.locale.language_code
    raw = page.body.raw_data
    return Plain(
        id=page.pk or 0,
        language=language,
        slug=page.slug,
        path=paths.plain(language, page.slug),
        title=line(page.title),
        body=bodies.blocks(raw, surroundings([raw])),
        updated=_utc(page.last_published_at or page.latest_revision_created_at),
        version=line(page.version),
        in_footer=page.in_footer,
        translations=translations,
    )


def surroundings(raws: Sequence[Any], more_pictures: Iterable[int] = ()) -> bodies.Surroundings:
    """Return what these bodies refer to, in two queries at most."""
    ids = chain(more_pictures, *(bodies.picture_ids(raw) for raw in raws))
    linked = set().union(*(bodies.page_ids(raw) for raw in raws))
    return bodies.Surroundings(pictures.find(ids), _targets(linked))


def _targets(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    kinds = {"articlepage": "article", "plainpage": "plain"}
    rows = Page.objects.filter(pk__in=ids).values_list("pk", "content_type__model")
    return {pk: f"{kinds[model]}:{pk}" for pk, model in rows if model in kinds}


def _filing(sheets: Sequence[Sheet]) -> Filing:
    return Filing.of(
        (sheet.article.section for sheet in sheets if sheet.article.section),
        (byline.person for sheet in sheets for byline in sheet.bylines),
        (topic for sheet in sheets for topic in sheet.topics),
    )


def _card(sheet: Sheet, filing: Filing, found: pictures.Pictures) -> Card:
    article = sheet.article
    language = article.locale.language_code
    published = _utc(article.first_published_at)
    return Card(
        id=article.pk or 0,
        language=language,
        path=article.place or paths.article(language, published, article.slug or "draft"),
        kicker=line(article.kicker),
        headline=line(article.title),
        standfirst=line(article.standfirst),
        published=published,
        names=tuple(filing.person(each.person, language).name for each in _writers(sheet)),
        section=filing.section(article.section, language) if article.section else None,
        lead=pictures.use(found, article.lead_picture_id, article.lead_caption, article.lead_alt),
        sensitive=article.sensitive,
    )


def _writers(sheet: Sheet) -> Sequence[models.Byline]:
    """Return the bylines of those who wrote it; of an article that nobody signs so, all."""
    return [each for each in sheet.bylines if each.role == "by"] or sheet.bylines


def _article(sheet: Sheet, filing: Filing, around: bodies.Surroundings) -> Article:
    card = _card(sheet, filing, around.pictures)
    body = bodies.blocks(sheet.article.body.raw_data, around)
    return Article(
        card=card,
        updated=_updated(sheet.article),
        dateline=line(sheet.article.dateline),
        bylines=tuple(
            Byline(filing.person(each.person, card.language), _role(each)) for each in sheet.bylines
        ),
        body=body,
        topics=tuple(filing.topic(topic, card.language) for topic in sheet.topics),
        corrections=tuple(Correction(_utc(each.at), text(each.text)) for each in sheet.corrections),
        translations=sheet.translations,
        words=bodies.words(body),
    )


def _role(byline: models.Byline) -> Any:
    return byline.role


def _updated(article: models.ArticlePage) -> datetime | None:
    """Return when it was last published anew; None while it stands as it first went out."""
    first, last = article.first_published_at, article.last_published_at
    if first is None or last is None or last - first < SAME_MOMENT:
        return None
    return _utc(last)


def _utc(moment: datetime | None) -> datetime:
    return (moment or clock.now()).astimezone(UTC)
