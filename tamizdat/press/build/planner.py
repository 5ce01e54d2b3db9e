"""From what changed to what must be printed.

Keys say what changed ("article:12", "part:appeals"). Planning follows them to jobs: directly (an
article's own page, its lists, its month), and through the dependencies that pages noted when they
were last printed. It also settles which files there are, before any page is printed: so pages link
only to what the same edition brings (promise P1). All of it costs what changed, not what there is.

What is only stale in its looks may be left for later (rerender_queue.py). What links to something
that goes may not: that is in `required`.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

from tamizdat.press.build.fingerprints import changed
from tamizdat.press.build.invalidation import Invalidation
from tamizdat.press.build.list_updates import JOB, SHARD, ListUpdates, list_jobs
from tamizdat.press.build.output_paths import output_paths
from tamizdat.press.build.rerender_queue import files_depending_on, mark_stale
from tamizdat.press.build.retired_pages import RETIRED_KINDS, going
from tamizdat.press.content import lists as article_lists
from tamizdat.press.content.bulk import insert
from tamizdat.press.content.failures import unreadable
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import Dependency, ListEntry, OutputFile
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import OutputPath
from tamizdat.press.pages.fragments import Fragments
from tamizdat.press.pages.teasers import card_content
from tamizdat.press.search.incremental import Amendable

ALL = "all:"
SITE = "house:"
PLACE = "place:"
ARTICLE = "article:"
URGENT = ("picture:", "list:")  # keys whose files go, or on which few depend
CARD = "card:"
AT_ONCE = 300  # keys, jobs or rows of one query
COLUMNS = ("path", "job", "language", "kind", "sha256", "size", "edition", "modified", "gone")
UNPRINTED = ("", 0, 0, None, False)  # how an output file's columns begin, from the hash on
LISTED = frozenset({"front", "section", "topic", "person", "month", "archive", "plain", "part"})


class Plan:
    """One planning. Call `follow` inside a transaction; it settles output files and lists."""

    def __init__(
        self, repository: Repository, fragments: Fragments, failed: Mapping[str, str] | None = None
    ) -> None:
        """Begin to plan; `failed` are jobs that could not be printed, and why."""
        self.repository = repository
        self.fragments = fragments
        self.failed = dict(failed or {})  # grows while planning
        self.jobs: set[str] = set()
        self.required: set[str] = set()
        self._keys: deque[str] = deque()
        self._seen: set[str] = set()
        self._whole: set[str] = set()  # shards to be made from all of their articles
        self._going: set[str] = set()  # keys of what the edition will no longer have
        self._list_updates = ListUpdates(repository)
        self._waiting: list[tuple[int, str]] = []
        self._invalidation = Invalidation(repository, fragments, self.failed, self._add)

    @property
    def invalidated_keys(self) -> set[str]:
        """All keys that were followed."""
        return self._seen

    @property
    def amendable(self) -> Amendable:
        """The shards of which only articles changed that were followed, and all of those."""
        shards = (job for job in self.jobs - self._whole if job.startswith(SHARD))
        articles = _numbers(self._seen, ARTICLE) + _numbers(self._seen, CARD)
        return Amendable(frozenset(map(kinds.subject_of, shards)), frozenset(articles))

    def follow(self, keys: Iterable[str]) -> set[str]:
        """Return the jobs that follow from these keys."""
        self._keys.extend(keys)
        while self._keys or self._waiting:
            while self._keys:
                self._take([self._keys.popleft() for _ in range(min(AT_ONCE, len(self._keys)))])
                if not self._keys or self._list_updates.is_full:
                    self._keys.extend(self._list_updates.fill())
            if self._waiting:
                self._announce(self._next())
        return self.jobs

    def _add(self, jobs: Iterable[str]) -> None:
        """Have jobs done, whatever has changed in what they print."""
        listed = list(jobs)
        self._whole.update(job for job in listed if job.startswith(SHARD))
        self._enlist(listed)

    def _enlist(self, jobs: Iterable[str]) -> None:
        for job in jobs:
            if job not in self.jobs:
                self.jobs.add(job)
                heapq.heappush(self._waiting, kinds.rank(job))

    def _next(self) -> list[str]:
        """Return waiting jobs of one kind: of those there are the one to be done first."""
        rank, some = self._waiting[0][0], list[str]()
        while self._waiting and self._waiting[0][0] == rank and len(some) < AT_ONCE:
            some.append(heapq.heappop(self._waiting)[1])
        return some

    def _take(self, keys: list[str]) -> None:
        self._add(key.removeprefix(JOB) for key in keys if key.startswith(JOB))
        told = dict.fromkeys(key for key in keys if not key.startswith(JOB))
        fresh = [key for key in told if key not in self._seen]
        self._seen.update(fresh)
        self._follow_dependents(fresh)
        self._keys.extend(self._articles(_numbers(fresh, ARTICLE)))
        self._keys.extend(self._shards(_numbers(fresh, CARD)))
        for key in fresh:
            if key.startswith(SHARD):
                self._enlist([key])  # in which articles came, went or changed, and nothing else
            self._keys.extend(self._invalidation.follow(key))

    def _follow_dependents(self, keys: list[str]) -> None:
        """Follow keys to dependent jobs: at once what would lead to what goes, else its looks."""
        urgent = {key for key in keys if key in self._going or key.startswith(URGENT)}
        around = Dependency.objects.filter(key__in=keys, job__startswith=PLACE)
        for place, key in around.values_list("job", "key"):
            self._keys.append(place)
            if key in self._going:
                urgent.add(place)
        if urgent:
            found = Dependency.objects.filter(key__in=urgent).exclude(job__startswith=PLACE)
            required = set(found.values_list("job", flat=True))
            self.required |= required
            self._add(required)
        mark_stale(files_depending_on(key for key in keys if key not in urgent), self._add)

    def _announce(self, jobs: list[str]) -> None:
        """Settle where jobs' files stand now, and follow what appears and disappears."""
        kind = kinds.kind_of(jobs[0])
        kind.foresee(self.repository, [kinds.subject_of(job) for job in jobs])
        was: dict[str, dict[str, OutputFile]] = defaultdict(dict)
        for file in OutputFile.objects.filter(job__in=jobs, gone=False):
            was[file.job][file.path] = file
        come: dict[str, tuple[str, OutputPath]] = {}
        for job in jobs:
            now = output_paths(self.repository, job, was[job], self.failed)
            for path in now.keys() - was[job].keys():
                come.setdefault(path, (job, now[path]))
            for path in was[job].keys() - now.keys():
                self._go(was[job][path])
            if not now:
                self.jobs.discard(job)
        self._appear(come)

    def _go(self, file: OutputFile) -> None:
        """Let an output file go: an article and its like at once, with all that links to it.

        A list that moved or a plain page stays as it is for as long as pages that link to it wait
        to be rendered again (build/retired_pages.py): a section's name stands on every page.
        """
        retired = file.kind in RETIRED_KINDS
        OutputFile.objects.filter(path=file.path).update(gone=True, retired=retired)
        if not retired:
            self._part_with({f"path:{file.path}"})
        self._ripple(OutputPath(file.path, file.language, file.kind))

    def _part_with(self, keys: set[str]) -> None:
        """Note keys of what goes; what depends on them is printed, even if they were followed."""
        self._going |= keys
        self._follow_dependents(sorted(keys & self._seen))

    def _appear(self, come: dict[str, tuple[str, OutputPath]]) -> None:
        there = {file.path: file for file in OutputFile.objects.filter(path__in=list(come))}
        new = []
        for path, (job, at) in come.items():
            file = there.get(path)
            if file is not None and not file.gone:
                continue  # two claim one path: the first keeps it
            if file is None:
                new.append((path, job, at.language, at.kind, *UNPRINTED))
            else:
                file.job, file.language, file.kind, file.gone = job, at.language, at.kind, False
                file.save()
            self._ripple(at)
        insert(OutputFile, COLUMNS, new)

    def _ripple(self, at: OutputPath) -> None:
        self._keys.append(f"path:{at.path}")
        if at.kind in LISTED:
            self._add([f"sitemap:{at.language}:pages"])
        if at.kind in ("month", "topic", "person"):
            self._add([f"archive:{at.language}"])
        if at.kind == "section":  # perhaps another language's, in which something stands now
            self._keys.append(f"frame:{at.language}")
        if at.kind == "sitemap":
            self._add(["sitemaps:"])

    def _articles(self, numbers: list[int]) -> Iterator[str]:
        """Follow articles: their pages, their surroundings, translations, lists, and cards."""
        if not numbers:
            return
        filed = self.repository.filed(numbers)
        jobs = [f"article:{number}" for number in numbers]
        for number in self.repository.unreadable.keys() & set(numbers) - filed.keys():
            self.failed.setdefault(
                f"article:{number}", unreadable(self.repository.unreadable[number])
            )
        self._part_with(going(jobs, filed))
        yield from (JOB + job for job in jobs)
        paths_ = set(OutputFile.objects.filter(job__in=jobs).values_list("path", flat=True))
        paths_ |= {each.card.path for each in filed.values()}
        around = dict.fromkeys(tuple(path.split("/")[:3]) for path in sorted(paths_))
        for language, year, month in around:
            yield from _surroundings(language, f"{year}-{month}")
        others = [path for each in filed.values() for _, path in each.translations]
        for job in OutputFile.objects.filter(path__in=others).values_list("job", flat=True):
            yield JOB + job
        yield from self._list_updates.assign(numbers, filed)
        yield from self._shards(numbers)
        cards = {f"card:{number}": card_content(filed.get(number)) for number in numbers}
        yield from changed(cards)

    def _shards(self, numbers: list[int]) -> Iterator[str]:
        """Return what indexes these articles for the search, also by names on their cards."""
        rows = ListEntry.objects.filter(article__in=numbers, list__startswith=article_lists.SEARCH)
        for of, page in rows.values_list("list", "page").distinct():
            yield from list_jobs(of, [page])


def _numbers(keys: Iterable[str], kind: str) -> list[int]:
    return [int(key.removeprefix(kind)) for key in keys if key.startswith(kind)]


def _surroundings(language: str, month: str) -> Iterator[str]:
    """Return what shows an article because of its language and its month."""
    for kind in ("front", "feeds", "news"):
        yield f"{JOB}{kind}:{language}"
    for kind in ("month", "sitemap"):
        yield f"{JOB}{kind}:{language}:{month}"
