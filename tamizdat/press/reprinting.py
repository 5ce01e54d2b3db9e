"""Reprinting behind the scenes: what is outdated in its looks, while publishing goes on.

A *run* of reprints is printed ahead, without the publisher's lock, to files that lie aside. Then it
goes into the edition in portions, each under the lock for a fraction of a second, so that an
editor who publishes never waits longer. A portion holds pages of a few of the manifest's bins,
or each would write all of them.

What was printed ahead may be out of date by then. A plan notes the keys it follows while reprints
wait, and takes the rows of jobs away that it prints itself. So a page goes in only if its row
is still there and nobody followed a key that it was made from; if not it is printed again. It
links to nothing that is not there: a run begins, and a portion goes in, only when edition and
books agree, and every publication in between noted its keys.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.stopping import stopping, until_stopped
from tamizdat.press import books, crew, failed_jobs, manifest
from tamizdat.press.ahead import Ahead
from tamizdat.press.books import Entered
from tamizdat.press.fingerprints import differs
from tamizdat.press.fragments import PLACE
from tamizdat.press.house import House
from tamizdat.press.in_bulk import portions
from tamizdat.press.models import Change, Followed, Leaf, Renewal, Reprint
from tamizdat.press.needs import Needs
from tamizdat.press.outdated import EVERYTHING
from tamizdat.press.printing import PICTURE, Printer, Proofs, gallery, without_file
from tamizdat.press.publication import Publication
from tamizdat.press.run import Run
from tamizdat.press.shelving import JOB
from tamizdat.press.tree import Tree

RUN = 10_000  # jobs that are printed ahead together: about 10 MB of memory, 300 on the disk
PORTION = 400  # jobs that go into the edition together
BREATH_S = 0.03  # between two portions, for those who wait for the lock

Told = Callable[[int, int], None]


@dataclass
class Longest:
    """The longest time, in seconds, that reprinting held the publisher's lock.

    What waited and was published meanwhile is not counted, an editor's act most often: she would
    have had the lock for it herself.
    """

    seconds: float = 0


@dataclass
class _Ahead:
    """A run that was printed and is not yet in the edition."""

    rows: dict[str, int]
    mark: int
    house: House
    run: Run
    proofs: Proofs = field(default_factory=Proofs)


@dataclass(frozen=True, slots=True)
class _Fronts:
    """The pages that bear an edition's number, printed before we have the lock."""

    one: Publication
    run: Run
    proofs: Proofs


class Reprinting:
    """All reprints of a newsroom, by the one process that prints ahead.

    Args:
        newsroom: Whose.
        at: Asks for the time of an edition (UTC).
        told: Is told how many jobs are done and how many there are.
    """

    def __init__(
        self, newsroom: Newsroom, at: Callable[[], datetime] = clock.now, told: Told | None = None
    ) -> None:
        self._newsroom, self._at, self._told = newsroom, at, told
        self._tree, self._aside = Tree(newsroom.edition), Ahead(newsroom.edition)
        self.longest = Longest()
        self.written = self.removed = 0

    def carry_out(self) -> bool:
        """Reprint until nothing waits; False if another process is at it."""
        with self._aside.locked() as ours:
            while ours and not stopping() and Reprint.objects.exists():
                self._reprint(self._begin())
                self._aside.sweep()
            return ours

    def _begin(self) -> _Ahead:
        """Choose what to print, at a moment when edition and books agree."""
        with self._tree.locked(wait=True):
            self._settle()
            rows = dict(Reprint.objects.order_by("pk").values_list("job", "pk")[:RUN])
            last = Followed.objects.order_by("pk").last()
            one = Publication(self._newsroom, self._tree, self._at())
            run = one.next_run()
            return _Ahead(rows, last.pk if last else 0, one.house, run)

    def _settle(self) -> float:
        """Publish what cannot wait, so that the edition is what the books say.

        Returns:
            The seconds that publishing took, 0 where nothing waited.
        """
        spent = 0.0
        while not self._agrees():
            started = time.monotonic()
            self._publish()
            spent += time.monotonic() - started
        self._tree.settle()
        return spent

    def _agrees(self) -> bool:
        one = Publication(self._newsroom, self._tree, self._at())
        parted = one.recover()
        changed = differs("house", one.house.fingerprint)
        return not (parted or one.strays or changed or Change.objects.exists())

    def _publish(self) -> None:
        one = Publication(self._newsroom, self._tree, self._at())
        one.carry_out(full=False)
        self.written, self.removed = self.written + one.written, self.removed + one.removed

    def _reprint(self, ahead: _Ahead) -> None:
        printer = Printer(ahead.proofs, self._aside.keep, room=0, goes_on=True)
        crew.print_all(printer, ahead.run, ahead.rows, behind=True)
        Change.objects.bulk_create(Change(key=JOB + job) for job in sorted(ahead.proofs.vanished))
        if ahead.proofs.failed:
            with self._tree.locked(wait=True):
                self._go_on_without(ahead, ahead.proofs.failed)
        os.sync()  # here, where nobody waits for it
        for some in until_stopped(_portions(ahead.proofs.needs)):
            if not self._take_in(ahead, some):
                return
            time.sleep(BREATH_S)

    def _go_on_without(self, ahead: _Ahead, failed: Mapping[str, str]) -> None:
        """Leave pages that cannot be printed as they are: they are tried again by themselves.

        For whoever holds the publisher's lock.
        """
        failed_jobs.note(failed)
        for some in portions(ahead.rows[job] for job in failed if job in ahead.rows):
            Reprint.objects.filter(pk__in=some).delete()

    def _take_in(self, ahead: _Ahead, jobs: dict[str, list[str]]) -> bool:
        """Take pages into the edition; False if the whole run is void."""
        fronts = self._fronts()
        with self._tree.locked(wait=True):
            started = time.monotonic()
            started += self._settle()
            followed = set(Followed.objects.filter(pk__gt=ahead.mark).values_list("key", flat=True))
            if EVERYTHING in followed or ahead.house.moved():
                return False
            good = _good(ahead, jobs, followed)
            if fronts.run.number != fronts.one.next_run().number:
                fronts = self._fronts()  # somebody published
            self._prepare(fronts.run, ahead, followed)
            self._switch(fronts, ahead, {job: jobs[job] for job in good})
            self.longest.seconds = max(self.longest.seconds, time.monotonic() - started)
        self._tell(len(good))
        return True

    def _fronts(self) -> _Fronts:
        one = Publication(self._newsroom, self._tree, self._at())
        fronts = _Fronts(one, one.next_run(), Proofs())
        Printer(fronts.proofs, self._tree.keep).print(fronts.run, one.daily_jobs())
        return fronts

    def _prepare(self, run: Run, ahead: _Ahead, followed: set[str]) -> None:
        """Give an edition's run what its pages were printed with."""
        for place, needs in ahead.run.placed.items():
            run.placed.setdefault(place, set()).update(needs)
        if not any(key.startswith(PLACE) for key in followed):
            run.fragments = ahead.run.fragments

    def _switch(self, fronts: _Fronts, ahead: _Ahead, jobs: dict[str, list[str]]) -> None:
        proofs, one, run = _of(ahead.proofs, jobs), fronts.one, fronts.run
        changed = ahead.run.modified
        run.modified |= {
            path: changed[path] for of in jobs.values() for path in of if path in changed
        }
        done = Entered([], proofs, set(), run, reprints=[ahead.rows[job] for job in jobs])
        if proofs.writes:
            proofs.take(fronts.proofs)
        done.gallery = gallery(proofs, set())
        lost = without_file(done.gallery, proofs)
        if own := lost.keys() & jobs.keys():
            self._go_on_without(ahead, lost)
            self._switch(fronts, ahead, {job: of for job, of in jobs.items() if job not in own})
            return
        if proofs.writes:
            one.switch(done, set())
            self.written, self.removed = self.written + one.written, self.removed + one.removed
        books.enter(done)
        self._tree.settle()

    def _tell(self, done: int) -> None:
        Renewal.objects.update(done=F("done") + done)
        left = Reprint.objects.count()
        renewal = Renewal.objects.first()
        if self._told and renewal:
            self._told(renewal.done, renewal.done + left)
        if not left:
            with self._tree.locked(wait=True):
                self._finish()

    def _finish(self) -> None:
        """Let what lingered go, now that no page leads to it."""
        if Reprint.objects.exists():
            return
        Renewal.objects.all().delete()
        Followed.objects.all().delete()
        self._publish()


def _portions(jobs: Iterable[str]) -> Iterator[dict[str, list[str]]]:
    """Cut printed jobs into portions of a few bins each; yields their leaves' paths."""
    stand: dict[str, list[str]] = defaultdict(list)
    for some in portions(jobs):
        rows = Leaf.objects.filter(job__in=some, gone=False)
        for job, path in rows.values_list("job", "path"):
            stand[job].append(path)
    ordered = sorted(jobs, key=lambda job: manifest.bin_of(next(iter(stand[job]), job)))
    for start in range(0, len(ordered), PORTION):
        yield {job: stand[job] for job in ordered[start : start + PORTION]}


def _good(ahead: _Ahead, jobs: dict[str, list[str]], followed: set[str]) -> list[str]:
    """Return those jobs that nobody printed or changed the grounds of since."""
    waiting = set[int]()
    for some in portions(ahead.rows[job] for job in jobs):
        waiting |= set(Reprint.objects.filter(pk__in=some).values_list("pk", flat=True))
    void = followed | {place for place, needs in ahead.run.placed.items() if needs & followed}
    return [
        job
        for job in jobs
        if ahead.rows[job] in waiting and not void.intersection(ahead.proofs.needs[job])
    ]


def _of(proofs: Proofs, jobs: dict[str, list[str]]) -> Proofs:
    """Return the proofs of some jobs."""
    paths = {path for of in jobs.values() for path in of}
    needs = {job: proofs.needs[job] for job in jobs}
    shown = {key for keys in needs.values() for key in keys if key.startswith(PICTURE)}
    return Proofs(
        needs=Needs(needs),
        pictures={n: p for n, p in proofs.pictures.items() if f"{PICTURE}{n}" in shown},
        writes={path: proofs.writes[path] for path in paths if path in proofs.writes},
        entries={path: proofs.entries[path] for path in paths if path in proofs.entries},
        hashes={path: proofs.hashes[path] for path in paths if path in proofs.hashes},
    )
