"""Articles and plain pages as values, from rows of the database or from a draft in memory."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from wagtail.models import Page

from tamizdat.desk import models
from tamizdat.desk.cleaning import line, text
from tamizdat.desk.published import body as bodies
from tamizdat.desk.published import pictures
from tamizdat.desk.published.filing import Filing
from tamizdat.desk.published.rows import Row, Sheet
from tamizdat.desk.published.values import (
    Article,
    Byline,
    Card,
    Correction,
    Filed,
    Plain,
    Worded,
)
from tamizdat.desk.published.wording import wording
from tamizdat.lib import clock, paths

SAME_MOMENT = timedelta(minutes=1)


class Maker:
    """Makes values, and remembers the names and pictures that it met on the way."""

    def __init__(self) -> None:
        self.filing = Filing()
        self.album = pictures.Album()

    def cards(self, sheets: Sequence[Sheet]) -> list[Card]:
        """Return the card of each sheet."""
        self._know(sheets)
        found = self.album.find(sheet.row.lead_picture or 0 for sheet in sheets)
        return [self._card(sheet, found) for sheet in sheets]

    def filed(self, sheets: Sequence[Sheet]) -> list[Filed]:
        """Return each sheet's article without its body."""
        cards = self.cards(sheets)
        return [self._filed(sheet, card) for sheet, card in zip(sheets, cards, strict=True)]

    def articles(self, sheets: Sequence[Sheet]) -> list[Article]:
        """Return the article of each sheet."""
        self._know(sheets)
        leads = (sheet.row.lead_picture or 0 for sheet in sheets)
        around = self.surroundings([sheet.row.body for sheet in sheets], leads)
        return [self._article(sheet, around) for sheet in sheets]

    def worded(self, sheets: Sequence[Sheet]) -> list[Worded]:
        """Return each sheet's article as plain words."""
        filed = self.filed(sheets)
        return [Worded(one, _words(sheet)) for sheet, one in zip(sheets, filed, strict=True)]

    def surroundings(
        self, raws: Sequence[Any], more_pictures: Iterable[int] = ()
    ) -> bodies.Surroundings:
        """Return what these bodies refer to, in two queries at most."""
        ids = chain(more_pictures, *(bodies.picture_ids(raw) for raw in raws))
        linked = set().union(*(bodies.page_ids(raw) for raw in raws))
        return bodies.Surroundings(self.album.find(ids), _targets(linked))

    def _know(self, sheets: Sequence[Sheet]) -> None:
        self.filing.know(models.Section, (sheet.row.section for sheet in sheets))
        people = (person for sheet in sheets for person, _ in sheet.bylines)
        self.filing.know(models.Person, people)
        self.filing.know(models.Topic, (topic for sheet in sheets for topic in sheet.topics))

    def _card(self, sheet: Sheet, found: pictures.Pictures) -> Card:
        row = sheet.row
        published = _utc(row.first_published_at)
        return Card(
            id=row.pk,
            language=row.language,
            path=row.place or paths.article(row.language, published, row.slug or "draft"),
            kicker=line(row.kicker),
            headline=line(row.title),
            standfirst=line(row.standfirst),
            published=published,
            names=self._names(sheet),
            section=self.filing.section(row.section, row.language) if row.section else None,
            lead=pictures.use(found, row.lead_picture, row.lead_caption, row.lead_alt),
            sensitive=row.sensitive,
        )

    def _names(self, sheet: Sheet) -> tuple[str, ...]:
        """Return those who wrote it; of an article that nobody signs so, all in its bylines."""
        wrote = [person for person, role in sheet.bylines if role == "by"]
        shown = wrote or [person for person, _ in sheet.bylines]
        people = (self.filing.person(person, sheet.row.language) for person in shown)
        return tuple(person.name for person in people if person)

    def _filed(self, sheet: Sheet, card: Card) -> Filed:
        people = ((self.filing.person(who, card.language), as_) for who, as_ in sheet.bylines)
        topics = (self.filing.topic(topic, card.language) for topic in sheet.topics)
        return Filed(
            card=card,
            bylines=tuple(Byline(person, role) for person, role in people if person),
            topics=tuple(topic for topic in topics if topic),
            translations=sheet.translations,
        )

    def _article(self, sheet: Sheet, around: bodies.Surroundings) -> Article:
        filed = self._filed(sheet, self._card(sheet, around.pictures))
        body = bodies.blocks(sheet.row.body, around)
        return Article(
            card=filed.card,
            updated=_updated(sheet.row),
            dateline=line(sheet.row.dateline),
            bylines=filed.bylines,
            body=body,
            topics=filed.topics,
            corrections=tuple(Correction(_utc(at), text(said)) for at, said in sheet.corrections),
            translations=filed.translations,
            words=bodies.words(body),
        )


def plain(page: models.PlainPage, translations: tuple[tuple[str, str], ...]) -> Plain:
    """Return a plain page as a value."""
    language = page.locale.language_code
    raw = page.body.raw_data
    return Plain(
        id=page.pk or 0,
        language=language,
        slug=page.slug,
        path=paths.plain(language, page.slug),
        title=line(page.title),
        body=bodies.blocks(raw, Maker().surroundings([raw])),
        updated=_utc(page.last_published_at or page.latest_revision_created_at),
        version=line(page.version),
        in_footer=page.in_footer,
        translations=translations,
    )


def _words(sheet: Sheet) -> str:
    row = sheet.row
    around = (line(row.kicker), line(row.dateline), line(row.lead_caption))
    fixed = (text(said) for _, said in sheet.corrections)
    return "\n".join((*around, wording(row.body), *fixed))


def _targets(ids: set[int]) -> dict[int, str]:
    if not ids:
        return {}
    kinds = {"articlepage": "article", "plainpage": "plain"}
    rows = Page.objects.filter(pk__in=ids).values_list("pk", "content_type__model")
    return {pk: f"{kinds[model]}:{pk}" for pk, model in rows if model in kinds}


def _updated(row: Row) -> datetime | None:
    """Return when it was last published anew; None while it stands as it first went out."""
    first, last = row.first_published_at, row.last_published_at
    if first is None or last is None or last - first < SAME_MOMENT:
        return None
    return _utc(last)


def _utc(moment: datetime | None) -> datetime:
    return (moment or clock.now()).astimezone(UTC)
