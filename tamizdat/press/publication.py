"""One edition in the making.

It has four steps, each of which can be repeated after a crash without harm: plan (one transaction:
changes become jobs), print (reads only), switch (the tree's one rename), enter (one transaction:
the books say what the edition is, and the jobs are forgotten).
"""

import time
from datetime import datetime

from django.db import transaction

from tamizdat.lib.newsroom import Newsroom
from tamizdat.press import books, crew, house, manifest
from tamizdat.press.books import Entered
from tamizdat.press.fingerprints import changed
from tamizdat.press.fragments import Fragments
from tamizdat.press.models import Change, Edition, Leaf
from tamizdat.press.plan import ALL, JOB, Plan
from tamizdat.press.printing import Printer, Proofs, VanishedError, gallery
from tamizdat.press.reading import Reading
from tamizdat.press.rows import insert
from tamizdat.press.run import Run
from tamizdat.press.tree import Content, Draft, Tree

TRIES = 8  # so often may editors take away what we are printing
DAILY = ("front:", "edition:")  # jobs that show the edition's number and date


class Publication:
    """One edition in the making, by whoever holds the tree's lock.

    `written` and `removed` count leaves, not the manifest's own files; they stay 0 where nothing
    that readers see has changed.
    """

    def __init__(self, newsroom: Newsroom, tree: Tree, at: datetime) -> None:
        self.tree, self.at = tree, at
        self.theme = house.current_theme(newsroom)
        self.newsroom = self.theme.newsroom
        self.written = self.removed = 0
        self._started = time.monotonic()
        self._full = False
        self._strays: set[str] = set()
        self._fragments = Fragments()

    def carry_out(self, *, full: bool) -> None:
        """Publish everything that waits now.

        Raises:
            RuntimeError: editors keep taking away what is being printed. Nothing is lost.
        """
        with self.theme.settled():
            self._carry_out(full=full)

    def _carry_out(self, *, full: bool) -> None:
        touched = self.tree.recover()
        self._strays = books.reconcile(self.tree, touched)
        # The folder was emptied, or it or the database was brought back from a copy.
        parted = not touched and self.tree.number != books.last_number()
        self._full = full or parted
        if self._full:
            self._strays |= books.take_stock(self.tree)
        for _ in range(TRIES):
            self._fragments = Fragments()
            changes, jobs = self._plan()
            try:
                self._publish(changes, jobs)
            except VanishedError as error:
                Change.objects.create(key=error.job)
                continue
            return
        raise RuntimeError("what is to be printed keeps changing; it will be tried again")

    @transaction.atomic
    def _plan(self) -> tuple[list[int], set[str]]:
        """Turn what changed into jobs, and return the rows that stand for them."""
        rows = list(Change.objects.values_list("pk", "key"))
        keys = dict.fromkeys(key for _, key in rows)
        if changed({"house": house.fingerprint(self.newsroom)}) or self._full:
            keys[ALL] = None
        jobs = Plan(Reading(self.newsroom), self._fragments).follow(keys)
        followed = [pk for pk, key in rows if not key.startswith(JOB)]
        for start in range(0, len(followed), books.AT_ONCE):
            Change.objects.filter(pk__in=followed[start : start + books.AT_ONCE]).delete()
        new = [JOB + job for job in jobs if JOB + job not in keys]
        insert(Change, ("key",), ((key,) for key in new))
        taken = Change.objects.filter(key__startswith=JOB).values_list("pk", flat=True)
        return list(taken), jobs

    def _publish(self, changes: list[int], jobs: set[str]) -> None:
        run = self._run(max(self.tree.number, books.last_number()) + 1, self.at)
        printer = Printer(Proofs(), self.tree.keep, self._standing if self._full else None)
        daily = {job for job in jobs if job.startswith(DAILY)}
        crew.print_all(printer, run, jobs - daily)
        gone = set(Leaf.objects.filter(gone=True).values_list("path", "job"))
        done = Entered(changes, printer.proofs, {job for _, job in gone}, run)
        if printer.proofs.writes or gone or self._strays or self._fronts_differ(daily):
            printer.print(run, self._daily_jobs())
            done.gallery = gallery(printer.proofs, done.gone_jobs)
            self._switch(done, {path for path, _ in gone})
        books.enter(done)
        self.tree.settle()

    def _run(self, number: int, at: datetime) -> Run:
        return Run(self.newsroom, self.theme, number, at, fragments=self._fragments)

    def _fronts_differ(self, daily: set[str]) -> bool:
        """Say whether fronts would differ even if they bore the last edition's number and date."""
        last = Edition.objects.first()
        if last is None:
            return bool(daily)
        trial = Printer(Proofs(), self.tree.keep, self._standing if self._full else None)
        trial.print(self._run(last.number, last.published), daily)
        return bool(trial.proofs.writes)

    def _daily_jobs(self) -> set[str]:
        return {*(f"front:{language}" for language in self.newsroom.languages), "edition:"}

    def _switch(self, done: Entered, removals: set[str]) -> None:
        pictures = {path: file for path, (_, file) in done.gallery.added.items()}
        writes: dict[str, Content] = {**done.proofs.writes, **pictures}
        done.removed = (removals | done.gallery.dropped | self._strays) - writes.keys()
        removed, known = frozenset(done.removed), done.proofs.hashes
        self.tree.switch(Draft(done.run.number, self.at, writes, removed, known))
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
