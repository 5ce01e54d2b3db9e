"""From what changed to what must be printed.

Keys say what changed ("article:12", "part:appeals"). Planning follows them to jobs: directly (an
article's own page, its lists, its month), and through the needs that pages noted when they were
last printed. It also settles which leaves there are, before any page is printed: so pages link only
to what the same edition brings (promise P1). All of it costs what changed, not what there is.

What is only stale in its looks may be left for later (rerender_queue.py). What links to something
that goes may not: that is in `required`.
"""

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from django.db.models import Q

from tamizdat.desk import published
from tamizdat.desk.published import Section
from tamizdat.lib import paths
from tamizdat.press import parts
from tamizdat.press.build.failed_jobs import cause, is_its_own, unreadable
from tamizdat.press.build.fingerprints import changed, remember
from tamizdat.press.build.list_updates import JOB, SHARD, ListUpdates, list_jobs
from tamizdat.press.build.output_paths import output_paths
from tamizdat.press.build.rerender_queue import (
    FEW,
    UNFRAMED,
    mark_all_stale,
    mark_stale,
    needing,
    on_list,
)
from tamizdat.press.build.retired_pages import RETIRED_KINDS, going, moved
from tamizdat.press.content import lists as article_lists
from tamizdat.press.content.bulk import insert
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import Fingerprint, Leaf, Need, Shelf
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import OutputPath
from tamizdat.press.pages.fragments import Fragments
from tamizdat.press.pages.teasers import looks
from tamizdat.press.search.incremental import Amendable

ALL = "all:"
SITE = "house:"
PLACE = "place:"
ARTICLE = "article:"
URGENT = ("picture:", "list:")  # keys whose files go, or that few need
CARD = "card:"
AT_ONCE = 300  # keys, jobs or rows of one query
LEAF = ("path", "job", "language", "kind", "sha256", "size", "edition", "modified", "gone")
UNPRINTED = ("", 0, 0, None, False)  # how a leaf's columns begin, from the hash on
LISTED = frozenset({"front", "section", "topic", "person", "month", "archive", "plain", "part"})


class Plan:
    """One planning. Call `follow` inside a transaction; it settles leaves, shelves, prints."""

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
        self._compared = False  # the fragments of all places, whichever part announced a change
        self._waiting: list[tuple[int, str]] = []
        self._follow: dict[str, Callable[[str], Iterable[str]]] = {
            "all": self._all,
            "house": self._site,
            "section": self._section,
            "topic": self._topic,
            "person": self._person,
            "plain": self._plain,
            "front": lambda language: [f"{JOB}front:{language}"],
            "part": self._part,
            "frame": self._frame,
            "shard": self._amend,
            "picture": lambda number: (f"card:{led}" for led in published.led_by(int(number))),
        }

    @property
    def followed(self) -> set[str]:
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
        self._needing(fresh)
        self._keys.extend(self._articles(_numbers(fresh, ARTICLE)))
        self._keys.extend(self._shards(_numbers(fresh, CARD)))
        for key in fresh:
            kind, _, subject = key.partition(":")
            if kind in self._follow:
                self._keys.extend(self._follow[kind](subject))

    def _needing(self, keys: list[str]) -> None:
        """Follow keys to what needs them: at once what would lead to what goes, else its looks."""
        urgent = {key for key in keys if key in self._going or key.startswith(URGENT)}
        around = Need.objects.filter(key__in=keys, job__startswith=PLACE)
        for place, key in around.values_list("job", "key"):
            self._keys.append(place)
            if key in self._going:
                urgent.add(place)
        if urgent:
            found = Need.objects.filter(key__in=urgent).exclude(job__startswith=PLACE)
            required = set(found.values_list("job", flat=True))
            self.required |= required
            self._add(required)
        mark_stale(needing(key for key in keys if key not in urgent), self._add)

    def _announce(self, jobs: list[str]) -> None:
        """Settle where jobs' leaves stand now, and follow what appears and disappears."""
        kind = kinds.kind_of(jobs[0])
        kind.foresee(self.repository, [kinds.subject_of(job) for job in jobs])
        was: dict[str, dict[str, Leaf]] = defaultdict(dict)
        for leaf in Leaf.objects.filter(job__in=jobs, gone=False):
            was[leaf.job][leaf.path] = leaf
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

    def _go(self, leaf: Leaf) -> None:
        """Let a leaf go: an article and its like at once, with all that links to it.

        A list that moved or a plain page stays as it is for as long as pages that link to it wait
        to be reprinted (build/retired_pages.py): a section's name stands on every page.
        """
        lingers = leaf.kind in RETIRED_KINDS
        Leaf.objects.filter(path=leaf.path).update(gone=True, lingers=lingers)
        if not lingers:
            self._part_with({f"path:{leaf.path}"})
        self._ripple(OutputPath(leaf.path, leaf.language, leaf.kind))

    def _part_with(self, keys: set[str]) -> None:
        """Note keys of what goes; what needs them must be printed, even if they were followed."""
        self._going |= keys
        self._needing(sorted(keys & self._seen))

    def _appear(self, come: dict[str, tuple[str, OutputPath]]) -> None:
        there = {leaf.path: leaf for leaf in Leaf.objects.filter(path__in=list(come))}
        new = []
        for path, (job, at) in come.items():
            leaf = there.get(path)
            if leaf is not None and not leaf.gone:
                continue  # two claim one path: the first keeps it
            if leaf is None:
                new.append((path, job, at.language, at.kind, *UNPRINTED))
            else:
                leaf.job, leaf.language, leaf.kind, leaf.gone = job, at.language, at.kind, False
                leaf.save()
            self._ripple(at)
        insert(Leaf, LEAF, new)

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
        paths_ = set(Leaf.objects.filter(job__in=jobs).values_list("path", flat=True))
        paths_ |= {each.card.path for each in filed.values()}
        around = dict.fromkeys(tuple(path.split("/")[:3]) for path in sorted(paths_))
        for language, year, month in around:
            yield from _surroundings(language, f"{year}-{month}")
        others = [path for each in filed.values() for _, path in each.translations]
        for job in Leaf.objects.filter(path__in=others).values_list("job", flat=True):
            yield JOB + job
        yield from self._list_updates.assign(numbers, filed)
        yield from self._shards(numbers)
        cards = {f"card:{number}": looks(filed.get(number)) for number in numbers}
        yield from changed(cards)

    def _shards(self, numbers: list[int]) -> Iterator[str]:
        """Return what indexes these articles for the search, also by names on their cards."""
        rows = Shelf.objects.filter(article__in=numbers, list__startswith=article_lists.SEARCH)
        for of, page in rows.values_list("list", "page").distinct():
            yield from list_jobs(of, [page])

    def _amend(self, subject: str) -> Iterable[str]:
        """Have a shard printed in which articles came, went or changed, and nothing else."""
        self._enlist([SHARD + subject])
        return ()

    def _section(self, subject: str) -> Iterator[str]:
        for language in self.repository.newsroom.languages:
            section = self.repository.section(language, int(subject))
            yield from self._list_subject("section", language, int(subject), section)
            yield f"frame:{language}"

    def _topic(self, subject: str) -> Iterator[str]:
        for language in self.repository.newsroom.languages:
            topic = self.repository.list_subject(f"topic:{language}:{subject}")
            yield from self._list_subject("topic", language, int(subject), topic)

    def _person(self, subject: str) -> Iterator[str]:
        for language in self.repository.newsroom.languages:
            person = self.repository.list_subject(f"person:{language}:{subject}")
            yield from self._list_subject("person", language, int(subject), person)

    def _list_subject(
        self,
        kind: str,
        language: str,
        number: int,
        list_subject: Section | published.Topic | published.Person | None,
    ) -> Iterator[str]:
        """Follow a section, topic or person: its list, and the pages that show its name.

        Where it came or went as a translation of another, articles move from one list to the
        other, so they are planned anew.
        """
        of = f"{kind}:{language}:{number}"
        if list_subject is None:
            on_it = Shelf.objects.filter(list=of).values_list("article", flat=True)
            yield from list_jobs(of, article_lists.pages(of))
            yield from (f"article:{article}" for article in on_it)
            return
        if moved(of, list_subject):
            yield from list_jobs(of, article_lists.pages(of))
        yield from self._on_list(of)
        own = paths.listing(list_subject.language, kind, list_subject.slug)
        told = Leaf.objects.filter(path=own, gone=False).exists()
        for _, slug in list_subject.translations:
            # Its pages stand in each language into which nobody translated it, too.
            named = [paths.listing(each, kind, slug) for each in self.repository.newsroom.languages]
            twins = Leaf.objects.filter(path__in=named).values_list("job", flat=True)
            lists = {twin.rpartition(":")[0] for twin in twins}
            for twin_number in sorted({each.split(":")[3] for each in lists}):
                yield from _articles_of(f"{kind}:{language}:{twin_number}", but=of)
            for each in sorted(lists) if not told else ():  # which have not this address yet
                there = Leaf.objects.filter(job__startswith=f"{each}:", gone=False)
                mark_all_stale(there, self._add)

    def _on_list(self, of: str) -> Iterator[str]:
        """Follow what shows the name of a list: its pages, its articles and their teasers."""
        language = of.split(":")[1]
        on_it = list(Shelf.objects.filter(list=of).values_list("article", flat=True)[: FEW + 1])
        if len(on_it) <= FEW:
            yield from list_jobs(of, article_lists.pages(of))
            yield from (f"card:{article}" for article in on_it)
            yield from (f"{JOB}article:{article}" for article in on_it)
            return
        yield from list_jobs(of, [article_lists.HEAD])
        yield from (f"{JOB}{kind}:{language}" for kind in ("front", "feeds", "news", "archive"))
        there = Leaf.objects.filter(gone=False, language=language)
        own = Q(job__startswith=f"list:{of}:")
        mark_all_stale(there.filter(Q(kind="shard") | own | on_list(of)), self._add)

    def _plain(self, subject: str) -> Iterator[str]:
        yield f"{JOB}plain:{subject}"
        plain = self.repository.plain(int(subject))
        if plain is not None:
            others = [path for _, path in plain.translations]
            for job in Leaf.objects.filter(path__in=others).values_list("job", flat=True):
                yield JOB + job
        yield from (f"frame:{language}" for language in self.repository.newsroom.languages)

    def _frame(self, language: str) -> Iterable[str]:
        """Follow masthead and footer, which stand on every page of a language."""
        footer = [(p.title, p.path) for p in self.repository.plains(language) if p.in_footer]
        shown = repr((self.repository.sections(language), footer))
        if changed({f"frame:{language}": shown}):
            there = Leaf.objects.filter(language=language, gone=False)
            mark_all_stale(there.exclude(kind__in=UNFRAMED), self._add)
        return ()

    def _part(self, name: str) -> Iterator[str]:
        """Follow a part: its own pages, and the places where its fragments differ now."""
        yield from self._pages_of(name)
        if not self._compared:
            yield from self._places()

    def _pages_of(self, name: str) -> Iterator[str]:
        before = Leaf.objects.filter(job__startswith=f"part:{name}:", gone=False)
        yield from (JOB + job for job in before.values_list("job", flat=True))
        try:
            pages = self.repository.part_pages(name)
        except Exception as error:
            if not is_its_own(error):
                raise
            self.failed[f"part:{name}:"] = cause(error)
            return
        yield from (f"{JOB}part:{name}:{path}" for path in pages)

    def _places(self) -> list[str]:
        """Return the places whose fragments differ from those that were used last."""
        self._compared = True
        places = Fingerprint.objects.filter(key__startswith=PLACE).values_list("key", flat=True)
        return remember({key: self.fragments.fingerprint(key) for key in places})

    def _site(self, _subject: str) -> Iterator[str]:
        """Follow a new look: every page has it, and what the settings and parts say on it."""
        self._places()
        for part in parts.registered():
            yield from self._pages_of(part.name)
        mark_all_stale(Leaf.objects.filter(gone=False), self._add)

    def _all(self, _subject: str) -> Iterator[str]:
        """Follow everything there is and everything there was."""
        for language in self.repository.newsroom.languages:
            yield from (f"plain:{plain.id}" for plain in self.repository.plains(language))
            yield from (f"section:{section.id}" for section in self.repository.sections(language))
            yield from (f"article:{number}" for number in published.live_ids(language))
            for kind in ("front", "archive", "notfound", "search", "feeds", "news"):
                yield f"{JOB}{kind}:{language}"
            yield f"{JOB}sitemap:{language}:pages"
        yield from (f"part:{part.name}" for part in parts.registered())
        yield from (f"{JOB}{kind}:" for kind in ("sitemaps", "robots", "favicon", "edition"))
        printed = Leaf.objects.exclude(kind="picture")
        for job in printed.values_list("job", flat=True).distinct():
            yield JOB + job
            if job.startswith("article:"):
                yield job


def _numbers(keys: Iterable[str], kind: str) -> list[int]:
    return [int(key.removeprefix(kind)) for key in keys if key.startswith(kind)]


def _surroundings(language: str, month: str) -> Iterator[str]:
    """Return what shows an article because of its language and its month."""
    for kind in ("front", "feeds", "news"):
        yield f"{JOB}{kind}:{language}"
    for kind in ("month", "sitemap"):
        yield f"{JOB}{kind}:{language}:{month}"


def _articles_of(of: str, but: str) -> Iterator[str]:
    if of != but:
        on_it = Shelf.objects.filter(list=of).values_list("article", flat=True)
        yield from (f"article:{number}" for number in on_it)
