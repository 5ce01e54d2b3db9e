"""One edition in the making, of what cannot wait. What can is rendered again in the background.

It has four steps, each of which can be repeated after a crash without harm: plan (one transaction:
changes become jobs), render (reads only), switch (the tree's one rename), record
(one transaction: the build state says what the edition is, and the jobs are forgotten).
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef

from tamizdat.desk import published
from tamizdat.lib.batches import batches
from tamizdat.lib.newsroom import Newsroom
from tamizdat.press.build import (
    failed_jobs,
    rerender_queue,
    retired_pages,
    site_fingerprint,
    state,
    workers,
)
from tamizdat.press.build.failed_jobs import NeededError
from tamizdat.press.build.fingerprints import changed, differs
from tamizdat.press.build.list_updates import JOB, SHARD
from tamizdat.press.build.planner import ALL, SITE, Plan
from tamizdat.press.build.render import (
    Renderer,
    RenderResults,
    VanishedError,
    image_changes,
    without_file,
)
from tamizdat.press.build.retries import follow, try_again
from tamizdat.press.build.state import BuildRecord
from tamizdat.press.content.bulk import AT_ONCE, insert_and_name
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import Change, Edition, ListEntry, OutputFile, RerenderJob
from tamizdat.press.output import manifest
from tamizdat.press.output.manifest import ManifestError
from tamizdat.press.output.tree import Content, Draft, Tree
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.fragments import Fragments
from tamizdat.press.related import service
from tamizdat.press.search.incremental import Amendable

TRIES = 8  # so often may editors take away what we are printing
LARGE = 300  # articles of a list that gets another name or address while somebody waits
DEFERRABLE = ("article:", "list:", "shard:")  # jobs whose old pages stay valid after an upgrade
DAILY = ("front:", "edition:")  # jobs that show the edition's number and date
T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Planned:
    """What is to be printed. `changes` are the rows that stand for it until it is entered.

    `failed` are all jobs that cannot be printed, and why.
    """

    changes: list[int]
    jobs: set[str]
    fragments: Fragments
    amendable: Amendable
    failed: dict[str, str]


class _PlanAnewError(Exception):
    """Something that was never printed cannot be: nothing may link to it."""


class Publication:
    """One edition in the making, by whoever holds the tree's lock.

    `written` and `removed` count files, but for the manifest's own; they stay 0 where nothing
    that readers see has changed.
    """

    def __init__(self, newsroom: Newsroom, tree: Tree, at: datetime) -> None:
        self.tree, self.at = tree, at
        self.site = site_fingerprint.current(newsroom)
        self.theme = self.site.theme
        self.newsroom = self.theme.newsroom
        self.written = self.removed = 0
        self._started = time.monotonic()
        self._full = self._soon = self._anew = False
        self._failed: dict[str, str] = {}
        self._again: set[str] = set()  # keys to follow beside those of changes
        self.untracked: set[str] = set()
        self._fragments = Fragments()
        self._repository = Repository(self.newsroom)

    def carry_out(self, *, full: bool, soon: bool = False) -> None:
        """Publish everything that waits now, but for what may be rendered again later.

        What cannot be printed holds up nothing else (build/failed_jobs.py).

        Args:
            full: Print every page, whatever the build state says.
            soon: Somebody waits: leave what takes long to the background.

        Raises:
            RuntimeError: editors keep taking away what is being printed. Nothing is lost.
            NeededError: what every page links to cannot be printed, and never was.
        """
        with self.theme.settled():
            self._carry_out(full=full, soon=soon)
        failed_jobs.tell(self.newsroom.data, self.at)

    def _carry_out(self, *, full: bool, soon: bool) -> None:
        self._soon = soon
        self._set_out(full=full)
        many = self._full and workers.can_fork() and published.how_many() >= workers.MANY
        apart = workers.in_subprocess if many else _here
        self._try_failed_again(None if full else failed_jobs.AT_ONCE)
        for _ in range(TRIES):
            if self._full:
                self.untracked |= apart(partial(state.find_untracked, self.tree))
            self._repository = Repository(self.newsroom, failed_jobs.absent(self._failed))
            planned = apart(self._plan)
            self._fragments = planned.fragments
            try:
                self._go_on_without(planned.failed)
                self._go_on_without(apart(partial(service.rank_stale, planned.jobs)))
                self._publish(planned)
            except VanishedError as error:
                Change.objects.create(key=error.job)
            except ManifestError:
                self._full = self._anew = True  # nothing that it says is to be believed
            except _PlanAnewError:
                self.tree.sweep()
            else:
                return
        raise RuntimeError("what is to be printed keeps changing; it will be tried again")

    def _set_out(self, *, full: bool) -> None:
        """Find out whether all has to be printed, and whether the manifest has to be made anew."""
        parted = self.recover()
        self._full = full or parted or not Edition.objects.exists()
        if self._full:
            self.tree.mirror()
        self._anew = not self.tree.has_whole_manifest(deep=self._full)
        self._full = self._full or self._anew
        if parted or self._anew:
            log.warning("the edition is not as it was left: all of it is printed again")

    def _try_failed_again(self, most: int | None) -> None:
        failed = failed_jobs.all_failed()
        if failed and differs("house", self.site.fingerprint):  # whose fault it may have been
            self._again.update(*map(follow, failed_jobs.incomplete(failed)))
        elif failed:
            self._failed, self._again = try_again(self.next_run(), failed, most)

    def _go_on_without(self, failed: Mapping[str, str]) -> None:
        """Note jobs that fail; plan anew where pages would link to what is not there."""
        new = failed.keys() - self._failed.keys()
        self._failed.update(failed)
        lacking = failed_jobs.incomplete(new)
        for job in lacking:
            if job.startswith(failed_jobs.NEEDED):
                raise NeededError(job, failed[job])
        if lacking:
            self._again.update(*map(follow, lacking))
            raise _PlanAnewError

    def recover(self) -> bool:
        """Put right what a crash left; say whether edition and build state are of different times.

        Then the folder was emptied or damaged, or it or the database was brought back from a copy.
        """
        touched = self.tree.recover()
        self.untracked = state.repair(self.tree, touched)
        other = not touched and self.tree.number != state.last_number()
        return other or not self.tree.is_sure

    @transaction.atomic
    def _plan(self) -> _Planned:
        """Turn what changed into jobs."""
        self._fragments = Fragments()
        self._note_site_changes()
        repository = self._repository
        rows = self._taken(repository)
        keys = dict.fromkeys([*(key for _, key in rows), *sorted(self._again)])
        if self._full:
            keys[ALL] = None
        service.mark_stale(keys)
        plan = Plan(repository, self._fragments, self._failed)
        jobs = plan.follow(keys)
        if ALL in keys and not self._full:
            jobs -= _left_for_later(jobs - plan.required)
        amendable = Amendable() if self._full else _amendable(plan)
        _void(jobs, plan)
        resolved = [pk for pk, key in rows if not key.startswith(JOB)]
        for some in batches(resolved, AT_ONCE):
            Change.objects.filter(pk__in=some).delete()
        new = [JOB + job for job in jobs if JOB + job not in keys]
        # By their ids: a job that another process puts meanwhile is not of this plan.
        planned = [pk for pk, key in rows if key.startswith(JOB)]
        planned += insert_and_name(Change, ("key", "background"), ((key, False) for key in new))
        failed = plan.failed | self._fragments.failed
        return _Planned(planned, jobs, self._fragments, amendable, failed)

    def _note_site_changes(self) -> None:
        """Have everything follow from a new look, or from what decides which files there are."""
        site = changed({"house": self.site.fingerprint})
        structure = changed({"structure": site_fingerprint.structure(self.newsroom)})
        if self._full:
            return
        if structure:
            Change.objects.create(key=ALL, background=True)
        elif site:
            Change.objects.create(key=SITE)

    def _taken(self, repository: Repository) -> list[tuple[int, str]]:
        """Return the changes to be followed now; where somebody waits, not the longest."""
        if not self._soon:
            return list(Change.objects.values_list("pk", "key"))
        rows = list(Change.objects.filter(background=False).values_list("pk", "key"))
        long = [pk for pk, key in rows if _takes_long(repository, key)]
        Change.objects.filter(pk__in=long).update(background=True)
        return [(pk, key) for pk, key in rows if pk not in long]

    def _publish(self, planned: _Planned) -> None:
        run, jobs = self.next_run(), planned.jobs
        self._repository.forget_places()
        run.repository = self._repository  # what the plan read holds until its pages are printed
        run.amendable, run.standing = planned.amendable, self.tree.read
        printer = self._printer()
        daily = {job for job in jobs if job.startswith(DAILY)}
        workers.render_all(printer, run, jobs - daily)
        self._go_on_without(printer.results.failed)
        gone = retired_pages.due_for_removal(self.tree)
        done = BuildRecord(planned.changes, printer.results, {job for _, job in gone}, run)
        leaving = {path for path, _ in gone}
        if printer.results.writes or leaving or self.untracked or self._fronts_differ(daily):
            printer.print(run, self.daily_jobs())
            self._go_on_without(printer.results.failed)
            self._go_on_with_pictures(done)
            self.switch(done, leaving)
        done.site_changed = self.site.moved()
        done.failed = self._failed | run.fragments.failed
        state.record(done)
        self.tree.settle()

    def _printer(self) -> Renderer:
        standing = self._standing if self._full else None
        return Renderer(RenderResults(), self.tree.keep, standing, failed=self._failed)

    def _go_on_with_pictures(self, done: BuildRecord) -> None:
        """Plan anew without pages that show a picture which has lost a file."""
        done.image_changes = image_changes(done.results, done.gone_jobs)
        lost = without_file(done.image_changes, done.results)
        if lost:
            self._failed.update(lost)
            self._again.update(*map(follow, failed_jobs.incomplete(lost)))
            raise _PlanAnewError

    def next_run(self) -> RenderContext:
        """Return the run of the edition after the last one."""
        return self._run(max(self.tree.number, state.last_number()) + 1, self.at)

    def _run(self, number: int, at: datetime) -> RenderContext:
        return RenderContext(self.newsroom, self.theme, number, at, fragments=self._fragments)

    def _fronts_differ(self, daily: set[str]) -> bool:
        """Say whether fronts would differ even if they bore the last edition's number and date."""
        last = Edition.objects.first()
        if last is None:
            return bool(daily)
        trial = self._printer()
        trial.print(self._run(last.number, last.published), daily)
        self._go_on_without(trial.results.failed)
        return bool(trial.results.writes)

    def daily_jobs(self) -> set[str]:
        """Return the jobs whose pages bear the edition's number."""
        return {*(f"front:{language}" for language in self.newsroom.languages), "edition:"}

    def switch(self, done: BuildRecord, removals: set[str]) -> None:
        """Make what was printed the edition; `state.record` is to follow.

        The caller has settled its pictures (`done.image_changes`).
        """
        dropped = removals | done.image_changes.dropped | self.untracked
        tombstones = retired_pages.tombstones(done.run, self.tree, dropped, done.results.failed)
        for path, raw in tombstones.items():
            done.results.writes[path], done.results.entries[path] = raw, manifest.entry(raw)
        pictures = {path: file for path, (_, file) in done.image_changes.added.items()}
        writes: dict[str, Content] = {**done.results.writes, **pictures}
        done.removed = dropped - writes.keys()
        removed, known = frozenset(done.removed), done.results.hashes
        self.tree.switch(Draft(done.run.number, self.at, writes, removed, known, self._anew))
        self.written, self.removed = len(writes), len(done.removed)
        done.edition = Edition(
            number=done.run.number,
            published=self.at,
            written=self.written,
            removed=self.removed,
            seconds=round(time.monotonic() - self._started, 3),
        )

    def _standing(self, path: str) -> str:
        raw = self.tree.read(path)
        return "" if raw is None else manifest.entry(raw).sha256


def _here(work: Callable[[], T]) -> T:
    return work()


def _takes_long(repository: Repository, key: str) -> bool:
    """Say whether a key is of a long list, whose first pages alone take a second or more."""
    kind, _, number = key.partition(":")
    if kind not in ("section", "topic", "person"):
        return False
    lists = [f"{kind}:{language}:{number}" for language in repository.newsroom.languages]
    return ListEntry.objects.filter(list__in=lists).count() > LARGE


def _left_for_later(jobs: set[str]) -> set[str]:
    """Put those jobs into the re-render queue whose pages readers have and may keep for a while."""
    unprinted = set(OutputFile.objects.filter(gone=False, sha256="").values_list("job", flat=True))
    deferrable = {job for job in jobs - unprinted if job.startswith(DEFERRABLE)}
    if len(deferrable) <= rerender_queue.FEW:
        return set()
    rerender_queue.put_jobs(sorted(deferrable, key=lambda job: (kinds.rank(job)[0], len(job), job)))
    return deferrable


def _amendable(plan: Plan) -> Amendable:
    """Return which shards can be made from those that readers have.

    Not one while a new look or a new program waits, by whose rules they were not made; and not
    those that wait to be rendered again.
    """
    found = plan.amendable
    if Change.objects.filter(key__in=(ALL, SITE)).exists():
        return Amendable()
    jobs = [SHARD + shard for shard in found.shards]
    waiting = RerenderJob.objects.filter(job__in=jobs).values_list("job", flat=True)
    outdated = frozenset(job.removeprefix(SHARD) for job in waiting)
    return Amendable(found.shards - outdated, found.articles)


def _void(jobs: set[str], plan: Plan) -> None:
    """Take jobs from the queue that are done now or whose subject goes, and void what is staged."""
    rerender_queue.note(plan.invalidated_keys)
    if not RerenderJob.objects.exists():
        return
    for some in batches(jobs, AT_ONCE):
        RerenderJob.objects.filter(job__in=some).delete()
    there = OutputFile.objects.filter(gone=False, job=OuterRef("job"))
    gone = OutputFile.objects.filter(~Exists(there), gone=True)
    RerenderJob.objects.filter(job__in=gone.values("job")).delete()
