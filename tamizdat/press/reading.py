"""What the desk shows, read once for a run instead of once for each page."""

from functools import cache

from tamizdat.desk import published
from tamizdat.desk.published import Article, Card, Person, Plain, Section, Topic
from tamizdat.lib.newsroom import Newsroom
from tamizdat.press import parts
from tamizdat.press.parts import PartPage


class Reading:
    """The desk's published values, remembered for one run."""

    def __init__(self, newsroom: Newsroom) -> None:
        self.newsroom = newsroom
        self.sections = cache(self._sections)
        self.plains = cache(self._plains)
        self.part_pages = cache(_part_pages)
        self._cards: dict[int, Card | None] = {}

    def section(self, language: str, number: int) -> Section | None:
        """Return a section as it is in a language, None if it is not there."""
        return next((of for of in self.sections(language) if of.id == number), None)

    def plain(self, number: int) -> Plain | None:
        """Return a plain page, whatever its language."""
        every = (of for language in self.newsroom.languages for of in self.plains(language))
        return next((of for of in every if of.id == number), None)

    def cards(self, numbers: list[int]) -> list[Card]:
        """Return the cards of those articles that are published, in the order asked for."""
        missing = [number for number in numbers if number not in self._cards]
        if missing:
            found = published.cards(missing)
            self._cards.update({number: found.get(number) for number in missing})
        return [card for number in numbers if (card := self._cards[number]) is not None]

    def keeper(self, of: str, article: int) -> Section | Topic | Person | None:
        """Return what a list ("topic:ru:4") is about, as an article in the list names it.

        Asking an article spares reading all topics and people of the newsroom.
        """
        kind, language, number = of.split(":")
        if kind == "section":
            return self.section(language, int(number))
        shown = published.article(article)
        every = (_keepers(shown) if shown else {}).get(kind, ())
        return next((one for one in every if one.id == int(number)), None)

    def _sections(self, language: str) -> tuple[Section, ...]:
        return tuple(published.sections(language))

    def _plains(self, language: str) -> tuple[Plain, ...]:
        return tuple(published.plains(language))


def lists_of(article: Article) -> list[str]:
    """Return the lists that an article belongs into, each of its own language.

    The language is in the name because a section that nobody translated yet stands in several.
    """
    language, section = article.card.language, article.card.section
    mine = [f"section:{language}:{section.id}"] if section else []
    for kind, every in _keepers(article).items():
        mine += [f"{kind}:{language}:{one.id}" for one in every]
    return list(dict.fromkeys(mine))


def _keepers(article: Article) -> dict[str, tuple[Topic, ...] | tuple[Person, ...]]:
    people = tuple(byline.person for byline in article.bylines)
    return {"topic": article.topics, "person": people}


def _part_pages(name: str) -> dict[str, PartPage]:
    """Return the pages that a part makes now, by path; none if there is no such part."""
    part = next((one for one in parts.registered() if one.name == name), None)
    return {page.path: page for page in part.pages()} if part else {}
