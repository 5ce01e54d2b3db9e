"""Re-rendering in the background: what is stale in its looks, while publishing goes on.

A *run* of jobs is rendered, without the publisher's lock, to a staging folder. Then it
goes into the edition in portions, each under the lock for a fraction of a second, so that an
editor who publishes never waits longer. A portion holds pages of a few of the manifest's bins,
or each would write all of them.

What was staged may be out of date by then. A plan notes the keys it follows while jobs
wait, and takes the rows of jobs away that it prints itself. So a page goes in only if its row
is still there and nobody followed a key that it was made from; if not it is printed again. It
links to nothing that is not there: a run begins, and a portion goes in, only when edition and
build state agree, and every publication in between noted its keys.
"""

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from tamizdat.lib import clock
from tamizdat.lib.batches import batches
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.processes.stopping import stopping, until_stopped
from tamizdat.press.build import failed_jobs, state, workers
from tamizdat.press.build.dependencies import Dependencies
from tamizdat.press.build.fingerprints import differs
from tamizdat.press.build.list_updates import JOB
from tamizdat.press.build.publication import Publication
from tamizdat.press.build.render import (
    PICTURE,
    Renderer,
    RenderResults,
    image_changes,
    without_file,
)
from tamizdat.press.build.rerender_queue import EVERYTHING
from tamizdat.press.build.site_fingerprint import SiteState
from tamizdat.press.build.state import BuildRecord
from tamizdat.press.content.bulk import AT_ONCE as ROWS
from tamizdat.press.models import Change, InvalidatedKey, OutputFile, RerenderJob, RerenderRun
from tamizdat.press.output import manifest
from tamizdat.press.output.tree import Tree
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.fragments import PLACE
from tamizdat.press.rerender.staging import Staging

RUN = 10_000  # jobs that are staged together: about 10 MB of memory, 300 on the disk
PORTION = 400  # jobs that go into the edition together
BREATH_S = 0.03  # between two portions, for those who wait for the lock

OnProgress = Callable[[int, int], None]


@dataclass
class Longest:
    """The longest time, in seconds, that re-rendering held the publisher's lock.

    What waited and was published meanwhile is not counted, an editor's act most often: she would
    have had the lock for it herself.
    """

    seconds: float = 0


@dataclass
class _StagedRun:
    """A run that was printed and is not yet in the edition."""

    rows: dict[str, int]
    mark: int
    site: SiteState
    run: RenderContext
    results: RenderResults = field(default_factory=RenderResults)


@dataclass(frozen=True, slots=True)
class _Fronts:
    """The pages that bear an edition's number, printed before we have the lock."""

    one: Publication
    run: RenderContext
    results: RenderResults


class Rerendering:
    """Renders all stale pages of a newsroom, in the one process that may.

    Args:
        newsroom: Whose.
        at: Asks for the time of an edition (UTC).
        on_progress: Is told how many jobs are done and how many there are.
    """

    def __init__(
        self,
        newsroom: Newsroom,
        at: Callable[[], datetime] = clock.now,
        on_progress: OnProgress | None = None,
    ) -> None:
        self._newsroom, self._at, self._on_progress = newsroom, at, on_progress
        self._tree, self._staging = Tree(newsroom.edition), Staging(newsroom.edition)
        self.longest = Longest()
        self.written = self.removed = 0

    def carry_out(self) -> bool:
        """Render until nothing waits; False if another process is at it."""
        with self._staging.locked() as ours:
            while ours and not stopping() and RerenderJob.objects.exists():
                self._render(self._begin())
                self._staging.sweep()
            return ours

    def _begin(self) -> _StagedRun:
        """Choose what to print, at a moment when edition and build state agree."""
        with self._tree.locked(wait=True):
            self._publish_pending()
            rows = dict(RerenderJob.objects.order_by("pk").values_list("job", "pk")[:RUN])
            last = InvalidatedKey.objects.order_by("pk").last()
            one = Publication(self._newsroom, self._tree, self._at())
            run = one.next_run()
            return _StagedRun(rows, last.pk if last else 0, one.site, run)

    def _publish_pending(self) -> float:
        """Publish what cannot wait, so that the edition is what the build state says.

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
        changed = differs("house", one.site.fingerprint)
        return not (parted or one.untracked or changed or Change.objects.exists())

    def _publish(self) -> None:
        one = Publication(self._newsroom, self._tree, self._at())
        one.carry_out(full=False)
        self.written, self.removed = self.written + one.written, self.removed + one.removed

    def _render(self, staged: _StagedRun) -> None:
        printer = Renderer(staged.results, self._staging.keep, room=0, goes_on=True)
        workers.render_all(printer, staged.run, staged.rows, background=True)
        Change.objects.bulk_create(Change(key=JOB + job) for job in sorted(staged.results.vanished))
        if staged.results.failed:
            with self._tree.locked(wait=True):
                self._go_on_without(staged, staged.results.failed)
        os.sync()  # here, where nobody waits for it
        for some in until_stopped(_portions(staged.results.dependencies)):
            if not self._take_in(staged, some):
                return
            time.sleep(BREATH_S)

    def _go_on_without(self, staged: _StagedRun, failed: Mapping[str, str]) -> None:
        """Leave pages that cannot be printed as they are: they are tried again by themselves.

        For whoever holds the publisher's lock.
        """
        failed_jobs.note(failed)
        for some in batches((staged.rows[job] for job in failed if job in staged.rows), ROWS):
            RerenderJob.objects.filter(pk__in=some).delete()

    def _take_in(self, staged: _StagedRun, jobs: dict[str, list[str]]) -> bool:
        """Take pages into the edition; False if the whole run is void."""
        fronts = self._fronts()
        with self._tree.locked(wait=True):
            started = time.monotonic()
            started += self._publish_pending()
            invalidated = set(
                InvalidatedKey.objects.filter(pk__gt=staged.mark).values_list("key", flat=True)
            )
            if EVERYTHING in invalidated or staged.site.moved():
                return False
            good = _good(staged, jobs, invalidated)
            if fronts.run.number != fronts.one.next_run().number:
                fronts = self._fronts()  # somebody published
            self._prepare(fronts.run, staged, invalidated)
            self._switch(fronts, staged, {job: jobs[job] for job in good})
            self.longest.seconds = max(self.longest.seconds, time.monotonic() - started)
        self._tell(len(good))
        return True

    def _fronts(self) -> _Fronts:
        one = Publication(self._newsroom, self._tree, self._at())
        fronts = _Fronts(one, one.next_run(), RenderResults())
        Renderer(fronts.results, self._tree.keep).print(fronts.run, one.daily_jobs())
        return fronts

    def _prepare(self, run: RenderContext, staged: _StagedRun, invalidated: set[str]) -> None:
        """Give an edition's run what its pages were printed with."""
        for place, dependencies in staged.run.placed.items():
            run.placed.setdefault(place, set()).update(dependencies)
        if not any(key.startswith(PLACE) for key in invalidated):
            run.fragments = staged.run.fragments

    def _switch(self, fronts: _Fronts, staged: _StagedRun, jobs: dict[str, list[str]]) -> None:
        results, one, run = _of(staged.results, jobs), fronts.one, fronts.run
        changed = staged.run.modified
        run.modified |= {
            path: changed[path] for of in jobs.values() for path in of if path in changed
        }
        done = BuildRecord([], results, set(), run, rerendered=[staged.rows[job] for job in jobs])
        if results.writes:
            results.merge(fronts.results)
        done.image_changes = image_changes(results, set())
        lost = without_file(done.image_changes, results)
        if own := lost.keys() & jobs.keys():
            self._go_on_without(staged, lost)
            self._switch(fronts, staged, {job: of for job, of in jobs.items() if job not in own})
            return
        if results.writes:
            one.switch(done, set())
            self.written, self.removed = self.written + one.written, self.removed + one.removed
        state.record(done)
        self._tree.settle()

    def _tell(self, done: int) -> None:
        RerenderRun.objects.update(done=F("done") + done)
        left = RerenderJob.objects.count()
        rerender_run = RerenderRun.objects.first()
        if self._on_progress and rerender_run:
            self._on_progress(rerender_run.done, rerender_run.done + left)
        if not left:
            with self._tree.locked(wait=True):
                self._finish()

    def _finish(self) -> None:
        """Let retired pages go, now that no page leads to them."""
        if RerenderJob.objects.exists():
            return
        RerenderRun.objects.all().delete()
        InvalidatedKey.objects.all().delete()
        self._publish()


def _portions(jobs: Iterable[str]) -> Iterator[dict[str, list[str]]]:
    """Cut printed jobs into portions of a few bins each; yields their files' paths."""
    stand: dict[str, list[str]] = defaultdict(list)
    for some in batches(jobs, ROWS):
        rows = OutputFile.objects.filter(job__in=some, gone=False)
        for job, path in rows.values_list("job", "path"):
            stand[job].append(path)
    ordered = sorted(jobs, key=lambda job: manifest.bin_of(next(iter(stand[job]), job)))
    for start in range(0, len(ordered), PORTION):
        yield {job: stand[job] for job in ordered[start : start + PORTION]}


def _good(staged: _StagedRun, jobs: dict[str, list[str]], invalidated: set[str]) -> list[str]:
    """Return those jobs that nobody printed or changed the grounds of since."""
    waiting = set[int]()
    for some in batches((staged.rows[job] for job in jobs), ROWS):
        waiting |= set(RerenderJob.objects.filter(pk__in=some).values_list("pk", flat=True))
    void = invalidated | {
        place for place, dependencies in staged.run.placed.items() if dependencies & invalidated
    }
    return [
        job
        for job in jobs
        if staged.rows[job] in waiting and not void.intersection(staged.results.dependencies[job])
    ]


def _of(results: RenderResults, jobs: dict[str, list[str]]) -> RenderResults:
    """Return the results of some jobs."""
    paths = {path for of in jobs.values() for path in of}
    dependencies = {job: results.dependencies[job] for job in jobs}
    shown = {key for keys in dependencies.values() for key in keys if key.startswith(PICTURE)}
    return RenderResults(
        dependencies=Dependencies(dependencies),
        pictures={n: p for n, p in results.pictures.items() if f"{PICTURE}{n}" in shown},
        writes={path: results.writes[path] for path in paths if path in results.writes},
        entries={path: results.entries[path] for path in paths if path in results.entries},
        hashes={path: results.hashes[path] for path in paths if path in results.hashes},
    )
