"""What follows from a change: for each kind of key the keys and jobs that it makes invalid.

The planner asks (planner.py). Keys that are returned are followed in their turn; what is only stale
in its looks goes to the queue, or to `add` where it is little (rerender_queue.py).
"""

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Q

from tamizdat.desk import published
from tamizdat.lib import paths
from tamizdat.press import parts
from tamizdat.press.build.fingerprints import changed, remember
from tamizdat.press.build.list_updates import JOB, list_jobs
from tamizdat.press.build.rerender_queue import FEW, UNFRAMED, mark_all_stale, on_list
from tamizdat.press.build.retired_pages import moved
from tamizdat.press.content import lists as article_lists
from tamizdat.press.content.failures import cause, is_its_own
from tamizdat.press.content.repository import ListSubject, Repository
from tamizdat.press.models import Fingerprint, ListEntry, OutputFile
from tamizdat.press.pages.fragments import PLACE, Fragments

Add = Callable[[Iterable[str]], None]


class Invalidation:
    """The rules, for one planning."""

    def __init__(
        self, repository: Repository, fragments: Fragments, failed: dict[str, str], add: Add
    ) -> None:
        """Take what the planner has.

        Args:
            repository: What the desk shows now.
            fragments: What the parts put into pages now.
            failed: Jobs that cannot be printed, and why; it grows.
            add: Has jobs printed with this plan.
        """
        self.repository, self.fragments = repository, fragments
        self.failed, self._add = failed, add
        self._compared = False  # the fragments of all places, whichever part announced a change
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
            "picture": lambda number: (f"card:{led}" for led in published.led_by(int(number))),
        }

    def follow(self, key: str) -> Iterable[str]:
        """Return the keys that follow from a key; none for a kind that only its users follow."""
        kind, _, subject = key.partition(":")
        return self._follow[kind](subject) if kind in self._follow else ()

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
        self, kind: str, language: str, number: int, list_subject: ListSubject | None
    ) -> Iterator[str]:
        """Follow a section, topic or person: its list, and the pages that show its name.

        Where it came or went as a translation of another, articles move from one list to the
        other, so they are planned anew.
        """
        of = f"{kind}:{language}:{number}"
        if list_subject is None:
            on_it = ListEntry.objects.filter(list=of).values_list("article", flat=True)
            yield from list_jobs(of, article_lists.pages(of))
            yield from (f"article:{article}" for article in on_it)
            return
        if moved(of, list_subject):
            yield from list_jobs(of, article_lists.pages(of))
        yield from self._on_list(of)
        own = paths.listing(list_subject.language, kind, list_subject.slug)
        told = OutputFile.objects.filter(path=own, gone=False).exists()
        for _, slug in list_subject.translations:
            # Its pages stand in each language into which nobody translated it, too.
            named = [paths.listing(each, kind, slug) for each in self.repository.newsroom.languages]
            twins = OutputFile.objects.filter(path__in=named).values_list("job", flat=True)
            lists = {twin.rpartition(":")[0] for twin in twins}
            for twin_number in sorted({each.split(":")[3] for each in lists}):
                yield from _articles_of(f"{kind}:{language}:{twin_number}", but=of)
            for each in sorted(lists) if not told else ():  # which have not this address yet
                there = OutputFile.objects.filter(job__startswith=f"{each}:", gone=False)
                mark_all_stale(there, self._add)

    def _on_list(self, of: str) -> Iterator[str]:
        """Follow what shows the name of a list: its pages, its articles and their teasers."""
        language = of.split(":")[1]
        on_it = list(ListEntry.objects.filter(list=of).values_list("article", flat=True)[: FEW + 1])
        if len(on_it) <= FEW:
            yield from list_jobs(of, article_lists.pages(of))
            yield from (f"card:{article}" for article in on_it)
            yield from (f"{JOB}article:{article}" for article in on_it)
            return
        yield from list_jobs(of, [article_lists.HEAD])
        yield from (f"{JOB}{kind}:{language}" for kind in ("front", "feeds", "news", "archive"))
        there = OutputFile.objects.filter(gone=False, language=language)
        own = Q(job__startswith=f"list:{of}:")
        mark_all_stale(there.filter(Q(kind="shard") | own | on_list(of)), self._add)

    def _plain(self, subject: str) -> Iterator[str]:
        yield f"{JOB}plain:{subject}"
        plain = self.repository.plain(int(subject))
        if plain is not None:
            others = [path for _, path in plain.translations]
            for job in OutputFile.objects.filter(path__in=others).values_list("job", flat=True):
                yield JOB + job
        yield from (f"frame:{language}" for language in self.repository.newsroom.languages)

    def _frame(self, language: str) -> Iterable[str]:
        """Follow masthead and footer, which stand on every page of a language."""
        footer = [(p.title, p.path) for p in self.repository.plains(language) if p.in_footer]
        shown = repr((self.repository.sections(language), footer))
        if changed({f"frame:{language}": shown}):
            there = OutputFile.objects.filter(language=language, gone=False)
            mark_all_stale(there.exclude(kind__in=UNFRAMED), self._add)
        return ()

    def _part(self, name: str) -> Iterator[str]:
        """Follow a part: its own pages, and the places where its fragments differ now."""
        yield from self._pages_of(name)
        if not self._compared:
            yield from self._places()

    def _pages_of(self, name: str) -> Iterator[str]:
        before = OutputFile.objects.filter(job__startswith=f"part:{name}:", gone=False)
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
        mark_all_stale(OutputFile.objects.filter(gone=False), self._add)

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
        printed = OutputFile.objects.exclude(kind="picture")
        for job in printed.values_list("job", flat=True).distinct():
            yield JOB + job
            if job.startswith("article:"):
                yield job


def _articles_of(of: str, but: str) -> Iterator[str]:
    if of != but:
        on_it = ListEntry.objects.filter(list=of).values_list("article", flat=True)
        yield from (f"article:{number}" for number in on_it)
