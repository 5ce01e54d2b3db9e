"""Articles put into their lists while an edition is planned, and the pages printed for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from tamizdat.desk.published import Filed
from tamizdat.press.content import lists as article_lists
from tamizdat.press.content.repository import Repository, lists_of
from tamizdat.press.models import ListEntry

JOB = "job:"  # how a key begins that names a job itself
SHARD = "shard:"  # likewise of a shard in which only articles changed that are keys themselves
MANY = 100_000  # places in lists that are kept in memory until their articles are put there


class ListUpdates:
    """The lists of one planning. What leaves a list leaves at once; what comes waits for `fill`.

    So a list costs a few queries for all of its articles together. All methods yield the keys that
    follow.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._waiting: dict[str, dict[int, datetime]] = defaultdict(dict)
        self._places = 0

    @property
    def is_full(self) -> bool:
        """Say whether so many wait that they should be put there now."""
        return self._places > MANY

    def assign(self, numbers: list[int], filed: Mapping[int, Filed]) -> Iterator[str]:
        """Take articles from the lists that they left, and have them wait for those they enter.

        Args:
            numbers: Of all that changed.
            filed: Those of them that are published.
        """
        wanted = {number: self._lists(each) for number, each in filed.items()}
        there = ListEntry.objects.filter(article__in=numbers).values_list("list", "article")
        for of, number in list(there):
            if of not in wanted.get(number, ()):
                yield from self._touched(of, article_lists.remove(of, number))
        for number, lists in wanted.items():
            for of in lists:
                self._waiting[of][number] = filed[number].card.published
            self._places += len(lists)

    def fill(self) -> Iterator[str]:
        """Put all articles that wait into their lists."""
        waiting, self._waiting, self._places = self._waiting, defaultdict(dict), 0
        for of, articles in waiting.items():
            if touched := article_lists.fill(of, articles):
                yield from self._touched(of, touched)

    def _lists(self, filed: Filed) -> list[str]:
        """Return the lists that an article belongs into, its language's search among them."""
        language = filed.card.language
        searched = language in self._repository.newsroom.languages
        return lists_of(filed) + ([article_lists.SEARCH + language] if searched else [])

    def _touched(self, of: str, pages: Iterable[int]) -> Iterator[str]:
        self._repository.list_cache.forget(of)
        yield from list_jobs(of, pages)
        yield f"list:{of}"


def list_jobs(of: str, pages: Iterable[int]) -> Iterator[str]:
    """Yield the keys of the jobs that print pages of a list; of the search's list its shards."""
    if of.startswith(article_lists.SEARCH):
        language = of.removeprefix(article_lists.SEARCH)
        return (f"{SHARD}{language}:{page}" for page in pages if page != article_lists.HEAD)
    return (f"{JOB}list:{of}:{page}" for page in pages)
