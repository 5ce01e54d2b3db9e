"""Print the planned jobs, and find which files are different from what readers have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from tamizdat.desk.published import Picture
from tamizdat.lib.batches import batches
from tamizdat.lib.processes.stopping import check
from tamizdat.press.build.dependencies import Dependencies
from tamizdat.press.build.failed_jobs import LOST_PICTURE
from tamizdat.press.content.bulk import AT_ONCE as ROWS
from tamizdat.press.content.failures import cause, is_its_own
from tamizdat.press.models import Dependency, OutputFile
from tamizdat.press.output import manifest
from tamizdat.press.output.manifest import Entry
from tamizdat.press.output.tree import Content
from tamizdat.press.pages import kinds
from tamizdat.press.pages.context import RenderContext, Rendered
from tamizdat.press.pages.kinds import Kind

ROOM = 64 * 2**20  # bytes of pages that are kept in memory; more wait on the disk
AT_ONCE = 200  # jobs that are prepared together
PICTURE = "picture:"


class VanishedError(Exception):
    """What a job was about went away, or to another address, between planning and printing."""

    def __init__(self, job: str) -> None:
        super().__init__(job)
        self.job = job


@dataclass
class RenderResults:
    """What was printed and is not yet published.

    Attributes:
        dependencies: The keys that each printed job used.
        pictures: All pictures on the printed pages, by number.
        writes: The output files whose bytes differ from those that readers have.
        entries: Hash and length of those that differ from what the build state says.
        hashes: Hash and length of what is in `writes`.
        vanished: Jobs whose subjects were no longer there, or stood elsewhere, for a printer that
            goes on without.
        failed: Jobs that could not be printed, and why.
    """

    dependencies: Dependencies = field(default_factory=Dependencies)
    pictures: dict[int, Picture] = field(default_factory=dict)
    writes: dict[str, Content] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    hashes: dict[str, Entry] = field(default_factory=dict)
    vanished: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)

    def merge(self, others: "RenderResults") -> None:
        """Add what another printer made."""
        for job, keys in others.dependencies.items():
            self.dependencies.note(job, keys)
        self.pictures |= others.pictures
        self.writes |= others.writes
        self.entries |= others.entries
        self.hashes |= others.hashes
        self.vanished |= others.vanished
        self.failed |= others.failed


@dataclass
class Renderer:
    """Prints jobs.

    Attributes:
        keep: Puts bytes on the disk for a while and says where.
        standing: Says the hash of what stands at a path, "" for nothing. By default what
            our build state says; a full build asks the edition itself.
        room: Bytes of pages that may be kept in memory.
        goes_on: Whether to go on where a job's subject is gone, and note it.
        failed: Jobs that could not be printed before, and why: they are not tried again.
    """

    results: RenderResults
    keep: Callable[[bytes], Content]
    standing: Callable[[str], str] | None = None
    room: int = ROOM
    goes_on: bool = False
    failed: Mapping[str, str] = field(default_factory=dict)
    _held: int = 0

    def print(self, run: RenderContext, jobs: Iterable[str]) -> None:
        """Print jobs in their order. One that fails holds up no other: it is noted.

        Raises:
            VanishedError: a job's subject is gone; plan anew.
            Stopped: this process was told to stop.
            OSError: something is wrong that is about more than one job.
        """
        ordered = sorted(jobs, key=kinds.rank)
        for some in batches(ordered, AT_ONCE):
            planned: dict[str, dict[str, OutputFile]] = {job: {} for job in some}
            for row in OutputFile.objects.filter(job__in=some, gone=False):
                planned[row.job][row.path] = row
            for kind, of_it in groupby(some, key=kinds.kind_of):
                self._print_some(run, kind, list(of_it), planned)

    def _print_some(
        self,
        run: RenderContext,
        kind: Kind,
        jobs: list[str],
        planned: dict[str, dict[str, OutputFile]],
    ) -> None:
        """Print jobs of one kind, prepared together; one by one where that fails."""
        try:
            kind.prepare(run, [kinds.subject_of(job) for job in jobs])
        except Exception as error:
            if not is_its_own(error):
                raise
            if len(jobs) == 1:
                self.results.failed[jobs[0]] = cause(error)
                return
            for job in jobs:
                self._print_some(run, kind, [job], planned)
            return
        for job in jobs:
            check()  # nothing of it is published yet
            self._print(run, job, planned[job])

    def _print(self, run: RenderContext, job: str, planned: dict[str, OutputFile]) -> None:
        if job in self.failed:
            self.results.failed[job] = self.failed[job]
            return
        try:
            self._take(job, planned, kinds.kind_of(job).make(run, kinds.subject_of(job)))
        except VanishedError:
            raise
        except Exception as error:
            if not is_its_own(error):
                raise
            self.results.failed[job] = cause(error)

    def _take(self, job: str, planned: dict[str, OutputFile], printed: Rendered | None) -> None:
        if printed and not planned.keys() <= {file.path for file in printed.files}:
            printed = None  # it moved since it was planned: what others link to would not be there
        if printed is None and self.goes_on:
            self.results.vanished.add(job)
            return
        if printed is None:
            raise VanishedError(job)
        self.results.dependencies.note(job, printed.dependencies)
        self.results.pictures |= printed.pictures
        for file in printed.files:
            if row := planned.get(file.path):
                self._compare(row, file.content)

    def _compare(self, row: OutputFile, raw: bytes) -> None:
        entry = manifest.entry(raw)
        if row.sha256 != entry.sha256:
            self.results.entries[row.path] = entry
        standing = self.standing(row.path) if self.standing else row.sha256
        if standing != entry.sha256:
            self._held += len(raw)
            self.results.writes[row.path] = raw if self._held < self.room else self.keep(raw)
            self.results.hashes[row.path] = entry


@dataclass(frozen=True)
class ImageChanges:
    """The picture files that an edition adds and drops: `added` by path, with their numbers."""

    added: dict[str, tuple[int, Path]]
    dropped: set[str]


def image_changes(results: RenderResults, gone_jobs: set[str]) -> ImageChanges:
    """Return how the pictures of an edition change with these results.

    A picture's files are there while any page shows it, also those of an earlier form that pages
    show which wait to be rendered again. Only pictures that these pages show or showed are looked
    at.
    """
    wanted = {
        rendition.path: (picture.id, rendition.file)
        for picture in results.pictures.values()
        for rendition in picture.renditions
    }
    candidates = {f"{PICTURE}{number}" for number in results.pictures} | _unused(results, gone_jobs)
    there = dict[str, str]()
    for some in batches(candidates, ROWS):
        there.update(OutputFile.objects.filter(job__in=some).values_list("path", "job"))
    stale = {path: job for path, job in there.items() if path not in wanted}
    touched = {*results.dependencies, *gone_jobs}
    kept = {key for key in set(stale.values()) if _shown_elsewhere(key, touched)}
    return ImageChanges(
        added={path: wanted[path] for path in wanted.keys() - there.keys()},
        dropped={path for path, key in stale.items() if key not in kept},
    )


def without_file(image_changes: ImageChanges, results: RenderResults) -> dict[str, str]:
    """Return the printed jobs that show a picture of which a file is gone, and that they do."""
    added = image_changes.added.values()
    lost = {f"{PICTURE}{number}" for number, file in added if not file.is_file()}
    if not lost:
        return {}
    return {
        job: LOST_PICTURE for job, keys in results.dependencies.items() if lost.intersection(keys)
    }


def _unused(results: RenderResults, gone_jobs: set[str]) -> set[str]:
    """Return the keys of pictures that no page shows any more."""
    touched = [*results.dependencies, *gone_jobs]
    shown = {f"{PICTURE}{number}" for number in results.pictures}
    before: set[str] = set()
    for some in batches(touched, ROWS):
        rows = Dependency.objects.filter(job__in=some)
        before |= set(rows.filter(key__startswith=PICTURE).values_list("key", flat=True))
    return {key for key in before - shown if not _shown_elsewhere(key, set(touched))}


def _shown_elsewhere(key: str, touched: set[str]) -> bool:
    jobs = Dependency.objects.filter(key=key).values_list("job", flat=True)
    return any(job not in touched for job in jobs.iterator())
