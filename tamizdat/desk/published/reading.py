"""Published articles, read with few queries however many are asked for."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import DatabaseError

from tamizdat.desk import models
from tamizdat.desk.published import rows
from tamizdat.desk.published.making import Maker
from tamizdat.desk.published.rows import Sheet
from tamizdat.desk.published.values import Article, Card, Filed, Person, Topic, Worded
from tamizdat.lib.batches import batches
from tamizdat.lib.failures import where

AT_ONCE = 200  # rows of one query: SQLite takes no list of any length
Ids = list[int]
T = TypeVar("T")


class Register:
    """The published articles, for whoever asks often: names and pictures are read only once.

    What it has read once it no longer looks up, so keep it no longer than one piece of work.

    An article that cannot be read holds up no other: it is left out, as if it were not published,
    and `unreadable` says why (the kind and place of the error).
    """

    def __init__(self) -> None:
        self._maker = Maker()
        self.unreadable: dict[int, str] = {}

    def articles(self, ids: Iterable[int]) -> dict[int, Article]:
        """Return those of these articles that are published."""
        return {
            made.card.id: made
            for some in batches(dict.fromkeys(ids), AT_ONCE)
            for made in self._each(rows.whole, self._maker.articles, some)
        }

    def filed(self, ids: Iterable[int]) -> dict[int, Filed]:
        """Return the same without their bodies: what says where they belong."""
        return {
            made.card.id: made
            for some in batches(dict.fromkeys(ids), AT_ONCE)
            for made in self._each(rows.filed, self._maker.filed, some)
        }

    def worded(self, ids: Iterable[int]) -> dict[int, Worded]:
        """Return the words of those of these articles that are published.

        One whose words cannot be read has none.
        """
        asked = list(ids)
        found = {
            made.filed.card.id: made
            for some in batches(dict.fromkeys(asked), AT_ONCE)
            for made in self._each(rows.whole, self._maker.worded, some)
        }
        wordless = self.unreadable.keys() & set(asked) - found.keys()
        filed = self.filed(sorted(wordless)) if wordless else {}
        return found | {number: Worded(one, "") for number, one in filed.items()}

    def cards(self, ids: Iterable[int]) -> dict[int, Card]:
        """Return the cards of those of these articles that are published."""
        return {
            made.id: made
            for some in batches(dict.fromkeys(ids), AT_ONCE)
            for made in self._each(rows.brief, self._maker.cards, some)
        }

    def _each(
        self, read: Callable[[Any], list[Sheet]], make: Callable[[list[Sheet]], list[T]], ids: Ids
    ) -> list[T]:
        """Read these articles together; one by one where that fails, without those that fail."""
        try:
            return make(read(rows.published().filter(pk__in=ids)))
        except (OSError, MemoryError, DatabaseError):
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is noted
            if len(ids) == 1:
                self.unreadable[ids[0]] = where(error)
                return []
        return [made for number in ids for made in self._each(read, make, [number])]

    def topic(self, number: int, language: str) -> Topic | None:
        """Return a topic as a language has it, None if it is gone; used or not."""
        self._maker.filing.know(models.Topic, [number])
        return self._maker.filing.topic(number, language)

    def person(self, number: int, language: str) -> Person | None:
        """Return a person as a language has them, None if they are gone; in a byline or not."""
        self._maker.filing.know(models.Person, [number])
        return self._maker.filing.person(number, language)

    def latest(self, language: str, count: int) -> list[Card]:
        """Return the newest cards of a language, newest first."""
        return self._maker.cards(rows.brief(_newest(language)[:count]))

    def between(self, language: str, since: datetime, until: datetime) -> list[Card]:
        """Return what was first published from `since` until before `until`, newest first."""
        newest = _newest(language)
        some = newest.filter(first_published_at__gte=since, first_published_at__lt=until)
        return self._maker.cards(rows.brief(some))


def article(article_id: int) -> Article | None:
    """Return a published article, or None: drafts and the unpublished do not exist here."""
    return articles([article_id]).get(article_id)


def articles(ids: Iterable[int]) -> dict[int, Article]:
    """Return those of these articles that are published."""
    return Register().articles(ids)


def card(article_id: int) -> Card | None:
    """Return a published article's card, or None."""
    return cards([article_id]).get(article_id)


def cards(ids: Iterable[int]) -> dict[int, Card]:
    """Return the cards of those of these articles that are published."""
    return Register().cards(ids)


def live_ids(language: str) -> list[int]:
    """Return the ids of a language's published articles, oldest first."""
    every = rows.published().filter(locale__language_code=language)
    return list(every.order_by("first_published_at", "pk").values_list("pk", flat=True))


def how_many() -> int:
    """Return how many articles are published."""
    return int(rows.published().count())


def latest(language: str, count: int) -> list[Card]:
    """Return the newest cards of a language, newest first."""
    return Register().latest(language, count)


def between(language: str, since: datetime, until: datetime) -> list[Card]:
    """Return what was first published from `since` until before `until`, newest first."""
    return Register().between(language, since, until)


def article_by_path(path: str) -> int | None:
    """Return the id of the published article at this path of the edition, or None."""
    found: int | None = rows.published().filter(place=path).values_list("pk", flat=True).first()
    return found


def led_by(picture: int) -> list[int]:
    """Return the ids of the published articles whose lead photo this is."""
    led = rows.published().filter(lead_picture=picture)
    return list(led.order_by("pk").values_list("pk", flat=True))


def _newest(language: str) -> Any:
    every = rows.published().filter(locale__language_code=language)
    return every.order_by("-first_published_at", "-pk")
