"""What the desk shows, read once for a run instead of once for each page."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache

from tamizdat.desk import published
from tamizdat.desk.published import Article, Card, Filed, Person, Plain, Section, Topic, Worded
from tamizdat.lib.newsroom import Newsroom
from tamizdat.press import parts
from tamizdat.press.content import lists
from tamizdat.press.content.failures import UnreadableError
from tamizdat.press.content.list_cache import ListCache
from tamizdat.press.parts import PartPage

ListSubject = Section | Topic | Person  # what a list of articles is about

KEPT = 4_000  # cards; a run through a larger archive begins again with none


class Repository:
    """The desk's published values and our lists of them, remembered for one run.

    Args:
        newsroom: Whose.
        absent: Jobs that cannot be printed and never were ("article:12", "plain:7"): what they are
            about counts as not published.
    """

    def __init__(self, newsroom: Newsroom, absent: Iterable[str] = ()) -> None:
        self.newsroom = newsroom
        self._absent = frozenset(absent)
        self.list_cache = ListCache()
        self.sections = cache(self._sections)
        self.plains = cache(self._plains)
        self.part_pages = cache(_part_pages)
        self.list_subject = cache(self._list_subject)
        self._register = published.Register()
        self._cards: dict[int, Card | None] = {}
        self._places: dict[int, tuple[str, str]] = {}
        self._articles: dict[int, Article | None] = {}

    def section(self, language: str, number: int) -> Section | None:
        """Return a section as it is in a language, None if it is not there."""
        return next((of for of in self.sections(language) if of.id == number), None)

    def plain(self, number: int) -> Plain | None:
        """Return a plain page, whatever its language."""
        every = (of for language in self.newsroom.languages for of in self.plains(language))
        return next((of for of in every if of.id == number), None)

    def cards(self, numbers: Iterable[int]) -> list[Card]:
        """Return the cards of those articles that are published, in the order asked for."""
        asked = list(numbers)
        missing = [number for number in asked if number not in self._cards]
        if missing:
            if len(self._cards) > KEPT:
                self._cards.clear()
                missing = asked
            found = self._register.cards(self._present(missing))
            self._cards.update((number, found.get(number)) for number in missing)
        return [card for number in asked if (card := self._cards[number]) is not None]

    def filed(self, numbers: Iterable[int]) -> dict[int, Filed]:
        """Return where those articles that are published belong; their cards are known then."""
        asked = list(numbers)
        found = self._register.filed(self._present(asked))
        if len(self._cards) > KEPT:
            self._cards.clear()
        self._cards.update((number, one.card) for number, one in found.items())
        for number, one in found.items():
            self._places[number] = (one.card.path, one.card.language)
        return found

    def forget_places(self) -> None:
        """Forget where articles stand: it was for planning, and there may be very many."""
        self._places.clear()

    def expect_places(self, numbers: Iterable[int]) -> None:
        """Read where these articles stand, unless it is known from filing them."""
        self.cards(number for number in numbers if number not in self._places)

    def place(self, number: int) -> tuple[str, str] | None:
        """Return the path and the language of an article, None unless it is published."""
        if number not in self._places:
            card = next(iter(self.cards([number])), None)
            return (card.path, card.language) if card else None
        return self._places[number]

    def expect(self, numbers: Iterable[int]) -> list[Article]:
        """Read these articles now, because `article` is going to be asked for each of them."""
        asked = list(numbers)
        found = self._register.articles(asked)
        self._articles = {number: found.get(number) for number in asked}
        return list(found.values())

    def article(self, number: int) -> Article | None:
        """Return an article, whole; None unless it is published.

        Raises:
            UnreadableError: it is published, and cannot be read.
        """
        if number not in self._articles:
            self.expect([number])
        found = self._articles[number]
        if found is None and number in self.unreadable:
            raise UnreadableError(self.unreadable[number])
        return found

    @property
    def unreadable(self) -> dict[int, str]:
        """Articles that the desk could not read, and the kind and place of the error."""
        return self._register.unreadable

    def worded(self, numbers: Iterable[int]) -> dict[int, Worded]:
        """Return all words of those articles that are published, for the search."""
        return self._register.worded(numbers)

    def latest(self, language: str, count: int) -> list[Card]:
        """Return the newest cards of a language, newest first.

        Our own list is asked: at the desk this is a sort of the whole archive.
        """
        of = lists.SEARCH + language
        return self.cards(lists.newest({of: count})[of])

    def between(self, language: str, since: datetime, until: datetime) -> list[Card]:
        """Return what was published from `since` until before `until`, newest first."""
        return self.cards(lists.between(lists.SEARCH + language, since, until))

    def _list_subject(self, of: str) -> ListSubject | None:
        """Return what a list ("topic:ru:4") is about, as its language has it."""
        kind, language, number = of.split(":")
        if kind == "section":
            return self.section(language, int(number))
        read = self._register.topic if kind == "topic" else self._register.person
        found = read(int(number), language)
        return found if found is not None and found.id == int(number) else None

    def _present(self, numbers: list[int]) -> list[int]:
        if not self._absent:
            return numbers
        return [number for number in numbers if f"article:{number}" not in self._absent]

    def _sections(self, language: str) -> tuple[Section, ...]:
        return tuple(published.sections(language))

    def _plains(self, language: str) -> tuple[Plain, ...]:
        every = published.plains(language)
        return tuple(plain for plain in every if f"plain:{plain.id}" not in self._absent)


def lists_of(article: Article | Filed) -> list[str]:
    """Return the lists that an article belongs into, each of its own language.

    The language is in the name because a section that nobody translated yet stands in several.
    """
    language, section = article.card.language, article.card.section
    mine = [f"section:{language}:{section.id}"] if section else []
    mine += [f"topic:{language}:{topic.id}" for topic in article.topics]
    mine += [f"person:{language}:{byline.person.id}" for byline in article.bylines]
    return list(dict.fromkeys(mine))


def _part_pages(name: str) -> dict[str, PartPage]:
    """Return the pages that a part makes now, by path; none if there is no such part."""
    part = next((one for one in parts.registered() if one.name == name), None)
    return {page.path: page for page in part.pages()} if part else {}
