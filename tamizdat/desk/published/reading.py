"""Published articles, read with few queries however many are asked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tamizdat.desk import models
from tamizdat.desk.published import making
from tamizdat.desk.published.values import Article, Card

AT_ONCE = 200  # rows of one query: SQLite takes no list of any length


def article(article_id: int) -> Article | None:
    """Return a published article, or None: drafts and the unpublished do not exist here."""
    return articles([article_id]).get(article_id)


def articles(ids: Iterable[int]) -> dict[int, Article]:
    """Return those of these articles that are published, in nine queries for 200 of them."""
    found: dict[int, Article] = {}
    for some in _portions(ids):
        rows = list(_published().filter(pk__in=some))
        found |= {made.card.id: made for made in making.articles(_whole_sheets(rows))}
    return found


def card(article_id: int) -> Card | None:
    """Return a published article's card, or None."""
    return cards([article_id]).get(article_id)


def cards(ids: Iterable[int]) -> dict[int, Card]:
    """Return the cards of those of these articles that are published."""
    found: dict[int, Card] = {}
    for some in _portions(ids):
        found |= {made.id: made for made in _cards(_published().filter(pk__in=some))}
    return found


def live_ids(language: str) -> list[int]:
    """Return the ids of a language's published articles, oldest first."""
    rows = models.ArticlePage.objects.filter(live=True, locale__language_code=language)
    return list(rows.order_by("first_published_at", "pk").values_list("pk", flat=True))


def latest(language: str, count: int) -> list[Card]:
    """Return the newest cards of a language, newest first."""
    return _cards(_newest(language)[:count])


def between(language: str, since: datetime, until: datetime) -> list[Card]:
    """Return what was first published from `since` until before `until`, newest first."""
    rows = _newest(language).filter(first_published_at__gte=since, first_published_at__lt=until)
    return _cards(rows)


def article_by_path(path: str) -> int | None:
    """Return the id of the published article at this path of the edition, or None."""
    rows = models.ArticlePage.objects.filter(live=True, place=path)
    found: int | None = rows.values_list("pk", flat=True).first()
    return found


def translations(keys: Iterable[Any]) -> dict[Any, list[tuple[str, str]]]:
    """Return (language, path) of every published article of each translation key."""
    found = defaultdict(list)
    rows = models.ArticlePage.objects.filter(live=True, translation_key__in=set(keys))
    listed = rows.exclude(place=None).order_by("locale__language_code")
    for key, language, place in listed.values_list(
        "translation_key", "locale__language_code", "place"
    ):
        found[key].append((language, place))
    return found


def _published() -> Any:
    rows = models.ArticlePage.objects.filter(live=True)
    return rows.select_related("locale", "section__locale")


def _newest(language: str) -> Any:
    rows = _published().filter(locale__language_code=language)
    return rows.order_by("-first_published_at", "-pk")


def _portions(ids: Iterable[int]) -> Iterable[list[int]]:
    listed = list(dict.fromkeys(ids))
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))


def _cards(rows: Iterable[models.ArticlePage]) -> list[Card]:
    listed = list(rows)
    bylines = _bylines(listed)
    return making.cards([making.Sheet(row, bylines[row.pk]) for row in listed])


def _whole_sheets(rows: Sequence[models.ArticlePage]) -> list[making.Sheet]:
    bylines, topics, corrections = _bylines(rows), _topics(rows), _corrections(rows)
    others = translations(row.translation_key for row in rows)
    return [
        making.Sheet(
            article=row,
            bylines=bylines[row.pk],
            topics=topics[row.pk],
            corrections=corrections[row.pk],
            translations=tuple(
                (language, place)
                for language, place in others[row.translation_key]
                if language != row.locale.language_code
            ),
        )
        for row in rows
    ]


def _bylines(rows: Iterable[models.ArticlePage]) -> dict[int, list[models.Byline]]:
    found = defaultdict(list)
    listed = models.Byline.objects.filter(article_id__in=[row.pk for row in rows])
    for byline in listed.select_related("person").order_by("sort_order", "pk"):
        found[byline.article_id].append(byline)
    return found


def _topics(rows: Iterable[models.ArticlePage]) -> dict[int, list[models.Topic]]:
    found = defaultdict(list)
    through = models.ArticlePage.topics.through.objects
    pairs = through.filter(articlepage_id__in=[row.pk for row in rows])
    for pair in pairs.select_related("topic").order_by("topic__name", "pk"):
        found[pair.articlepage_id].append(pair.topic)
    return found


def _corrections(rows: Iterable[models.ArticlePage]) -> dict[int, list[models.Correction]]:
    found = defaultdict(list)
    for each in models.Correction.objects.filter(article_id__in=[row.pk for row in rows]):
        found[each.article_id].append(each)
    return found
