"""What the database holds of articles, in plain rows: no model is made for what is only read."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from tamizdat.desk import models

Pair = tuple[str, str]  # (language, path)


class Row(NamedTuple):
    """An article's own columns. `body` holds raw blocks, () where it was not asked for."""

    pk: int
    language: str
    translation_key: UUID
    slug: str
    place: str | None
    kicker: str
    title: str
    standfirst: str
    dateline: str
    first_published_at: datetime | None
    last_published_at: datetime | None
    section: int | None
    lead_picture: int | None
    lead_caption: str
    lead_alt: str
    sensitive: bool
    body: Any = ()

    @classmethod
    def of(cls, article: models.ArticlePage) -> "Row":
        """Return the row of an article in memory: a draft."""
        own = [getattr(article, name) for name in COLUMNS if name != "locale__language_code"]
        own.insert(1, article.locale.language_code)
        own[0] = article.pk or 0
        return cls._make([*own, article.body.raw_data])


COLUMNS = (
    *("pk", "locale__language_code", "translation_key", "slug", "place", "kicker", "title"),
    *("standfirst", "dateline", "first_published_at", "last_published_at", "section_id"),
    *("lead_picture_id", "lead_caption", "lead_alt", "sensitive"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One article's row and what hangs on it, by ids and in the order of the page."""

    row: Row
    bylines: Sequence[tuple[int, Any]] = ()  # (person, role)
    topics: Sequence[int] = ()
    corrections: Sequence[tuple[datetime, str]] = ()
    translations: tuple[Pair, ...] = ()


def published() -> Any:
    """Return the query for everything that is published."""
    return models.ArticlePage.objects.filter(live=True)


def brief(query: Any) -> list[Sheet]:
    """Return the articles of a query with their bylines, as cards need them. Two queries."""
    rows = [Row(*row) for row in query.values_list(*COLUMNS)]
    bylines = _bylines([row.pk for row in rows])
    return [Sheet(row, bylines[row.pk]) for row in rows]


def filed(query: Any) -> list[Sheet]:
    """Return the articles of a query with all that says where they belong. Four queries."""
    return _filed([Row(*row) for row in query.values_list(*COLUMNS)])


def whole(query: Any) -> list[Sheet]:
    """Return the articles of a query, whole. Five queries."""
    # As it is kept: a stream of Wagtail's for each would take longer than all the rest.
    found = query.values_list(*COLUMNS, Cast("body", TextField()))
    rows = [Row._make([*row[:-1], json.loads(row[-1] or "[]")]) for row in found]
    corrections = _corrections([row.pk for row in rows])
    return [
        Sheet(one.row, one.bylines, one.topics, corrections[one.row.pk], one.translations)
        for one in _filed(rows)
    ]


def _filed(rows: Sequence[Row]) -> list[Sheet]:
    ids = [row.pk for row in rows]
    bylines, topics = _bylines(ids), _topics(ids)
    twins = _translations(row.translation_key for row in rows)
    return [
        Sheet(
            row=row,
            bylines=bylines[row.pk],
            topics=topics[row.pk],
            translations=tuple(
                pair for pair in twins[row.translation_key] if pair[0] != row.language
            ),
        )
        for row in rows
    ]


def _translations(keys: Iterable[UUID]) -> dict[UUID, list[Pair]]:
    """Return (language, path) of every published article of each translation key."""
    found = defaultdict(list)
    rows = published().filter(translation_key__in=set(keys)).exclude(place=None)
    listed = rows.order_by("locale__language_code")
    for key, *pair in listed.values_list("translation_key", "locale__language_code", "place"):
        found[key].append((pair[0], pair[1]))
    return found


def _bylines(ids: Sequence[int]) -> dict[int, list[tuple[int, Any]]]:
    found = defaultdict(list)
    rows = models.Byline.objects.filter(article_id__in=ids).order_by("sort_order", "pk")
    for article, person, role in rows.values_list("article_id", "person_id", "role"):
        found[article].append((person, role))
    return found


def _topics(ids: Sequence[int]) -> dict[int, list[int]]:
    found = defaultdict(list)
    pairs = models.ArticlePage.topics.through.objects.filter(articlepage_id__in=ids)
    listed = pairs.order_by("topic__name", "pk").values_list("articlepage_id", "topic_id")
    for article, topic in listed:
        found[article].append(topic)
    return found


def _corrections(ids: Sequence[int]) -> dict[int, list[tuple[datetime, str]]]:
    found = defaultdict(list)
    rows = models.Correction.objects.filter(article_id__in=ids).order_by("at", "pk")
    for article, at, said in rows.values_list("article_id", "at", "text"):
        found[article].append((at, said))
    return found
