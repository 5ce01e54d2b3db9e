"""Where published articles are found: front pages, sections, topics, people, plain pages."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef

from tamizdat.desk import models
from tamizdat.desk.cleaning import line
from tamizdat.desk.published import making
from tamizdat.desk.published.filing import Filing
from tamizdat.desk.published.values import Front, Person, Plain, Section, Topic

T = TypeVar("T", Section, Topic, Person)


def sections(language: str) -> list[Section]:
    """Return a language's sections in their order, used or not."""
    own = list(models.Section.objects.filter(locale__language_code=language))
    # Of the others only those that have no row of this language can add any.
    others = models.Section.objects.exclude(translation_key__in=[of.translation_key for of in own])
    used = others.filter(Exists(_live(language).filter(section=OuterRef("pk"))))
    listed = [*own, *used]
    filing = Filing.of(models.Section, listed)
    made = _each_once(filing.section(row.pk, language) for row in listed)
    return sorted(made, key=lambda section: (section.order, section.name))


def topics(language: str) -> list[Topic]:
    """Return the topics of something published in this language, by name."""
    through = models.ArticlePage.topics.through.objects.filter(articlepage__in=_live(language))
    used = through.values("topic").distinct()
    listed = list(models.Topic.objects.filter(pk__in=used))
    filing = Filing.of(models.Topic, listed)
    made = _each_once(filing.topic(row.pk, language) for row in listed)
    return sorted(made, key=lambda topic: topic.name)


def people(language: str) -> list[Person]:
    """Return those who stand in a byline of something published in this language, by name."""
    bylines = models.Byline.objects.filter(article__in=_live(language))
    used = bylines.values("person").distinct()
    listed = list(models.Person.objects.filter(pk__in=used))
    filing = Filing.of(models.Person, listed)
    made = _each_once(filing.person(row.pk, language) for row in listed)
    return sorted(made, key=lambda person: person.name)


def topic(number: int, language: str) -> Topic | None:
    """Return a topic as a language has it, None if it is gone; used or not."""
    filing = Filing()
    filing.know(models.Topic, [number])
    return filing.topic(number, language)


def person(number: int, language: str) -> Person | None:
    """Return a person as a language has them, None if they are gone; in a byline or not."""
    filing = Filing()
    filing.know(models.Person, [number])
    return filing.person(number, language)


def plains(language: str) -> list[Plain]:
    """Return a language's plain pages in the order in which the desk keeps them."""
    rows = _few(models.PlainPage).select_related("locale").order_by("path")
    listed = list(rows)
    own = [row for row in listed if row.locale.language_code == language]
    return [making.plain(row, _translations(row, listed)) for row in own]


def plain_by_slug(language: str, slug: str) -> Plain | None:
    """Return the plain page at this slug, or None; no other page is read for it."""
    rows = models.PlainPage.objects.filter(live=True).select_related("locale")
    page = rows.filter(locale__language_code=language, slug=slug).first()
    if page is None:
        return None
    return making.plain(
        page, _translations(page, rows.filter(translation_key=page.translation_key))
    )


def front(language: str) -> Front:
    """Return what editors arranged on a front page; only what is published counts."""
    pages = _few(models.FrontPage).filter(locale__language_code=language)
    page = pages.first()
    if page is None:
        return Front(language, None, (), (), "", None)
    wanted = [second.article_id for second in page.seconds.all()]
    live = set(
        models.ArticlePage.objects.filter(
            live=True, pk__in=[*wanted, page.lead_id or 0, page.live_article_id or 0]
        ).values_list("pk", flat=True)
    )
    return arranged(page, live)


def arranged(page: models.FrontPage, live: set[int]) -> Front:
    """Return a front page's arrangement, of which only the `live` articles are shown."""
    language = page.locale.language_code
    pinned = [each.topic for each in page.pinned_topics.select_related("topic")]
    wanted = [second.article_id for second in page.seconds.all()]
    filing = Filing.of(models.Topic, pinned)
    return Front(
        language=language,
        lead=page.lead_id if page.lead_id in live else None,
        seconds=tuple(dict.fromkeys(each for each in wanted if each in live)),
        topics=tuple(made for topic in pinned if (made := filing.topic(topic.pk, language))),
        live=line(page.live_line),
        live_article=page.live_article_id if page.live_article_id in live else None,
    )


def _few(model: Any) -> Any:
    """Return the query for the live pages of a kind of which there are few.

    Asked for by their numbers: else a database would look for them among all pages.
    """
    numbers = list(model.objects.order_by().values_list("pk", flat=True))
    return model.objects.filter(pk__in=numbers, live=True)


def _live(language: str) -> Any:
    return models.ArticlePage.objects.filter(live=True, locale__language_code=language)


def _each_once(made: Iterable[T | None]) -> list[T]:
    """Return values by their rows, each once: two rows may be one in this language.

    Where it has no row of its own, an article's stands as it is, whatever others there are.
    """
    return list({one.id: one for one in made if one}.values())


def _translations(
    page: models.PlainPage, others: Iterable[models.PlainPage]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        sorted(
            (other.locale.language_code, other.edition_path())
            for other in others
            if other.translation_key == page.translation_key and other.pk != page.pk
        )
    )
