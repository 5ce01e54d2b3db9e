"""The lists of articles, for one piece of work that asks them often.

A single publication asks a few lists a few times: one query each. A build of everything asks each
list for thousands of articles: once its questions cost more than reading it, it is read whole,
in 16 bytes an article. Nothing here writes; whoever changes a list says so (`forget`).
"""

from array import array
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from tamizdat.lib.batches import batches
from tamizdat.press.content import lists
from tamizdat.press.content.lists import Ends
from tamizdat.press.models import ListEntry

AT_ONCE = 300  # lists of one query
PATIENCE = 6  # questions at least before a list is read whole
WORTH = 50  # articles that are read whole in the time of one question
T = TypeVar("T")


class LoadedList:
    """One list in memory, oldest first."""

    def __init__(self, rows: Iterable[tuple[int, datetime, int]]) -> None:
        """Take over (article, published, page), the oldest first."""
        self._ids = array("q")
        self._on: dict[int, array[int]] = defaultdict(lambda: array("q"))
        self._begun: dict[int, float] = {}
        for article, published, page in rows:
            self._ids.append(article)
            self._on[page].append(article)
            if page not in self._begun:
                self._begun[page] = published.timestamp()
        self._pages = sorted(self._on)

    def ends(self) -> Ends:
        """Return the newest pages."""
        head = tuple(reversed(self._pages[-2:]))
        return Ends(head, self._pages[-3] if len(self._pages) > len(head) else None)

    def neighbours(self, page: int) -> tuple[int | None, int | None]:
        """Return the page before (older) and after (newer) one."""
        below = bisect_left(self._pages, page)
        above = bisect_right(self._pages, page)
        older = self._pages[below - 1] if below else None
        return older, self._pages[above] if above < len(self._pages) else None

    def articles(self, pages: Iterable[int]) -> list[int]:
        """Return the articles on these pages, newest first."""
        wanted = set(pages)
        if len(wanted) == 1:
            return list(reversed(self._on.get(wanted.pop(), ())))
        on_them = {article for page in wanted for article in self._on.get(page, ())}
        return [article for article in reversed(self._ids) if article in on_them]

    def begun(self, page: int) -> float:
        """Return when a page's oldest article was published, in seconds since 1970."""
        return self._begun.get(page, 0.0)


class ListCache:
    """All lists, each read as it is asked for."""

    def __init__(self) -> None:
        self._asked: Counter[str] = Counter()
        self._whole: dict[str, LoadedList] = {}
        self._patience: dict[str, int] = {}
        self._ends: dict[str, Ends] = {}
        self._answers: dict[str, dict[Hashable, Any]] = defaultdict(dict)

    def expect(self, lists: Iterable[str]) -> None:
        """Read these lists whole, in one query for hundreds of them: much is going to be asked."""
        wanted = sorted(set(lists) - self._whole.keys())
        for some in batches(wanted, AT_ONCE):
            rows = ListEntry.objects.filter(list__in=some).order_by("list", "published", "article")
            listed = rows.values_list("list", "article", "published", "page").iterator()
            found = {
                of: LoadedList(row[1:] for row in on_it)
                for of, on_it in groupby(listed, itemgetter(0))
            }
            self._whole.update((of, found.get(of) or LoadedList(())) for of in some)

    def forget(self, of: str) -> None:
        """Read a list afresh: it has changed."""
        self._whole.pop(of, None)
        self._ends.pop(of, None)
        self._answers.pop(of, None)

    def ends(self, of: str) -> Ends:
        """Return the newest pages of a list; no page at all if it is empty."""
        if of not in self._ends:
            whole = self._read(of)
            self._ends[of] = whole.ends() if whole else lists.ends(of)
        return self._ends[of]

    def neighbours(self, of: str, page: int) -> tuple[int | None, int | None]:
        """Return the page before (older) and after (newer) one, None at the list's ends."""
        if whole := self._read(of):
            return whole.neighbours(page)
        return self._once(of, page, lambda: lists.neighbours(of, page))

    def articles(self, of: str, pages: Iterable[int]) -> list[int]:
        """Return the articles on these pages of a list, newest first."""
        if whole := self._read(of):
            return whole.articles(pages)
        wanted = tuple(pages)
        return self._once(of, wanted, lambda: lists.articles(of, wanted))

    def begun(self, of: str, page: int) -> float:
        """Return when a page's oldest article was published, 0 if the list was not read whole."""
        return self._whole[of].begun(page) if of in self._whole else 0.0

    def _once(self, of: str, what: Hashable, ask: Callable[[], T]) -> T:
        """Return what was answered before, or ask: who prints a page asks what its planner did."""
        answers = self._answers[of]
        if what not in answers:
            answers[what] = ask()
        answer: T = answers[what]
        return answer

    def _read(self, of: str) -> LoadedList | None:
        if of not in self._whole:
            self._asked[of] += 1
            if self._asked[of] <= PATIENCE or self._asked[of] <= self._patience_with(of):
                return None
            self.expect([of])
        return self._whole[of]

    def _patience_with(self, of: str) -> int:
        """Return how many questions are cheaper than reading the list."""
        if of not in self._patience:
            self._patience[of] = ListEntry.objects.filter(list=of).count() // WORTH
        return self._patience[of]
