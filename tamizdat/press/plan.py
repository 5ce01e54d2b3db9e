"""From what changed to what must be printed.

Keys say what changed ("article:12", "part:appeals"). Planning follows them to jobs: directly (an
article's own page, its lists, its month), and through the needs that pages noted when they were
last printed. It also settles which leaves there are, before any page is printed: so pages link only
to what the same edition brings (promise P1). All of it costs what changed, not what there is.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from tamizdat.desk import published
from tamizdat.desk.published import Article, Section
from tamizdat.lib import paths
from tamizdat.press import leaves, parts, shelf
from tamizdat.press.fragments import Fragments
from tamizdat.press.models import Fingerprint, Leaf, Need, Shelf
from tamizdat.press.reading import Reading, lists_of
from tamizdat.press.run import Address

JOB = "job:"
ALL = "all:"
LISTED = frozenset({"front", "section", "topic", "person", "month", "archive", "plain", "part"})


class Plan:
    """One planning. Call `follow` inside a transaction; it settles leaves, shelves, prints."""

    def __init__(self, reading: Reading, fragments: Fragments) -> None:
        self.reading = reading
        self.fragments = fragments
        self.jobs: set[str] = set()
        self._keys: deque[str] = deque()
        self._seen: set[str] = set()
        self._compared = False  # the fragments of all places, whichever part announced a change
        self._waiting: list[tuple[int, str]] = []
        self._follow: dict[str, Callable[[str], Iterable[str]]] = {
            "all": self._all,
            "article": self._article,
            "section": self._section,
            "topic": self._topic,
            "person": self._person,
            "plain": self._plain,
            "front": lambda language: [f"{JOB}front:{language}"],
            "part": self._part,
            "frame": self._frame,
            "list": lambda _: (),
        }

    def follow(self, keys: Iterable[str]) -> set[str]:
        """Return the jobs that follow from these keys."""
        self._keys.extend(keys)
        while self._keys or self._waiting:
            while self._keys:
                self._take(self._keys.popleft())
            if self._waiting:
                self._announce(heapq.heappop(self._waiting)[1])
        return self.jobs

    def _add(self, jobs: Iterable[str]) -> None:
        for job in jobs:
            if job not in self.jobs:
                self.jobs.add(job)
                heapq.heappush(self._waiting, leaves.rank(job))

    def _take(self, key: str) -> None:
        if key.startswith(JOB):
            self._add([key.removeprefix(JOB)])
            return
        if key in self._seen:
            return
        self._seen.add(key)
        self._add(Need.objects.filter(key=key).values_list("job", flat=True))
        kind, _, subject = key.partition(":")
        if kind in self._follow:
            self._keys.extend(self._follow[kind](subject))

    def _announce(self, job: str) -> None:
        """Settle where a job's leaves stand now, and follow what appears and disappears."""
        addresses = leaves.kind_of(job).addresses(self.reading, leaves.subject_of(job))
        now = {at.path: at for at in addresses}
        was = {leaf.path: leaf for leaf in Leaf.objects.filter(job=job, gone=False)}
        for path in now.keys() - was.keys():
            self._appear(job, now[path])
        for path in was.keys() - now.keys():
            Leaf.objects.filter(path=path).update(gone=True)
            self._ripple(Address(path, was[path].language, was[path].kind))
        if not now:
            self.jobs.discard(job)

    def _appear(self, job: str, at: Address) -> None:
        if Leaf.objects.filter(path=at.path, gone=False).exists():
            return  # two claim one path: the first keeps it
        Leaf.objects.update_or_create(
            path=at.path,
            defaults={"job": job, "language": at.language, "kind": at.kind, "gone": False},
        )
        self._ripple(at)

    def _ripple(self, at: Address) -> None:
        self._keys.append(f"path:{at.path}")
        if at.kind in LISTED:
            self._add([f"sitemap:{at.language}:pages"])
        if at.kind in ("month", "topic", "person"):
            self._add([f"archive:{at.language}"])
        if at.kind == "sitemap":
            self._add(["sitemaps:"])

    def _article(self, subject: str) -> Iterator[str]:
        number = int(subject)
        article = published.article(number)
        yield f"{JOB}article:{number}"
        for leaf in Leaf.objects.filter(job=f"article:{number}"):
            yield from _surroundings(leaf.path)
        if article is not None:
            yield from _surroundings(article.card.path)
            others = [path for _, path in article.translations]
            for job in Leaf.objects.filter(path__in=others).values_list("job", flat=True):
                yield JOB + job
        yield from self._shelve(number, article)
        if changed(f"card:{number}", repr(article.card if article else None)):
            yield f"card:{number}"

    def _shelve(self, number: int, article: Article | None) -> Iterator[str]:
        wanted = lists_of(article) if article else []
        there = Shelf.objects.filter(article=number).values_list("list", flat=True)
        for of in [*there]:
            if of not in wanted:
                yield from _list_jobs(of, shelf.take(of, number))
                yield f"list:{of}"
        for of in wanted if article else ():
            if touched := shelf.put(of, number, article.card.published):  # type: ignore[union-attr]  # wanted is empty without it
                yield from _list_jobs(of, touched)
                yield f"list:{of}"

    def _section(self, subject: str) -> Iterator[str]:
        for language in self.reading.newsroom.languages:
            section = self.reading.section(language, int(subject))
            yield from self._keeper("section", language, int(subject), section)
            yield f"frame:{language}"

    def _topic(self, subject: str) -> Iterator[str]:
        for language in self.reading.newsroom.languages:
            every = published.topics(language)
            topic = next((one for one in every if one.id == int(subject)), None)
            yield from self._keeper("topic", language, int(subject), topic)

    def _person(self, subject: str) -> Iterator[str]:
        for language in self.reading.newsroom.languages:
            every = published.people(language)
            person = next((one for one in every if one.id == int(subject)), None)
            yield from self._keeper("person", language, int(subject), person)

    def _keeper(
        self,
        kind: str,
        language: str,
        number: int,
        keeper: Section | published.Topic | published.Person | None,
    ) -> Iterator[str]:
        """Follow a section, topic or person: its list, and the cards that show its name.

        Where it came or went as a translation of another, articles move from one list to the
        other, so they are planned anew.
        """
        of = f"{kind}:{language}:{number}"
        on_it = list(Shelf.objects.filter(list=of).values_list("article", flat=True))
        yield from _list_jobs(of, shelf.pages(of))
        yield from (f"card:{article}" for article in on_it)
        if keeper is None:
            yield from (f"article:{article}" for article in on_it)
            return
        for other, slug in keeper.translations:
            twin = Leaf.objects.filter(path=paths.listing(other, kind, slug)).first()
            if twin is not None:
                yield from _articles_of(f"{kind}:{language}:{twin.job.split(':')[3]}", but=of)

    def _plain(self, subject: str) -> Iterator[str]:
        yield f"{JOB}plain:{subject}"
        plain = self.reading.plain(int(subject))
        if plain is not None:
            others = [path for _, path in plain.translations]
            for job in Leaf.objects.filter(path__in=others).values_list("job", flat=True):
                yield JOB + job
        yield from (f"frame:{language}" for language in self.reading.newsroom.languages)

    def _frame(self, language: str) -> Iterator[str]:
        """Follow masthead and footer, which stand on every page of a language."""
        footer = [(p.title, p.path) for p in self.reading.plains(language) if p.in_footer]
        if changed(f"frame:{language}", repr((self.reading.sections(language), footer))):
            every = Leaf.objects.filter(language=language, gone=False)
            yield from (JOB + job for job in every.values_list("job", flat=True).distinct())

    def _part(self, name: str) -> Iterator[str]:
        """Follow a part: its own pages, and the places where its fragments differ now."""
        before = Leaf.objects.filter(job__startswith=f"part:{name}:", gone=False)
        yield from (JOB + job for job in before.values_list("job", flat=True))
        yield from (f"{JOB}part:{name}:{path}" for path in self.reading.part_pages(name))
        if self._compared:
            return
        self._compared = True
        for place in Fingerprint.objects.filter(key__startswith="place:"):
            if place.value != (value := self.fragments.fingerprint(place.key)):
                Fingerprint.objects.filter(pk=place.pk).update(value=value)
                yield place.key

    def _all(self, _subject: str) -> Iterator[str]:
        """Follow everything there is and everything there was."""
        for language in self.reading.newsroom.languages:
            yield from (f"plain:{plain.id}" for plain in self.reading.plains(language))
            yield from (f"section:{section.id}" for section in self.reading.sections(language))
            yield from (f"article:{number}" for number in published.live_ids(language))
            for kind in ("front", "archive", "notfound", "feeds", "news"):
                yield f"{JOB}{kind}:{language}"
            yield f"{JOB}sitemap:{language}:pages"
        yield from (f"part:{part.name}" for part in parts.registered())
        yield from (f"{JOB}{kind}:" for kind in ("sitemaps", "robots", "favicon", "edition"))
        printed = Leaf.objects.exclude(kind="picture")
        for job in printed.values_list("job", flat=True).distinct():
            yield JOB + job
            if job.startswith("article:"):
                yield job


def changed(key: str, value: str) -> bool:
    """Say whether something looks different from when this was last asked, and remember it."""
    fingerprint = sha256(value.encode()).hexdigest()
    known = Fingerprint.objects.filter(key=key).first()
    if known is not None and known.value == fingerprint:
        return False
    Fingerprint.objects.update_or_create(key=key, defaults={"value": fingerprint})
    return True


def _surroundings(path: str) -> Iterator[str]:
    """Return what shows an article because of its language and its month."""
    language, year, month = path.split("/")[:3]
    for kind in ("front", "feeds", "news"):
        yield f"{JOB}{kind}:{language}"
    for kind in ("month", "sitemap"):
        yield f"{JOB}{kind}:{language}:{year}-{month}"


def _list_jobs(of: str, pages: Iterable[int]) -> Iterator[str]:
    return (f"{JOB}list:{of}:{page}" for page in pages)


def _articles_of(of: str, but: str) -> Iterator[str]:
    if of != but:
        on_it = Shelf.objects.filter(list=of).values_list("article", flat=True)
        yield from (f"article:{number}" for number in on_it)
