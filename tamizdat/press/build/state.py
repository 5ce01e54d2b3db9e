"""The build state: what our rows say of the edition after a publication, and after a crash."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tamizdat.lib.batches import batches
from tamizdat.press.build import failed_jobs
from tamizdat.press.build.fingerprints import forget, remember
from tamizdat.press.build.render import PICTURE, ImageChanges, RenderResults
from tamizdat.press.content.bulk import AT_ONCE, insert, overwrite
from tamizdat.press.models import Change, Dependency, Edition, OutputFile, RerenderJob
from tamizdat.press.output import manifest
from tamizdat.press.output.tree import Tree
from tamizdat.press.output.tree_files import paths_in
from tamizdat.press.pages.context import RenderContext


@dataclass
class BuildRecord:
    """What a publication did, to be recorded in one step.

    `edition` is None where nothing that readers see had changed. `rerendered` are the
    rows of re-render jobs that are done.
    `site_changed`: the look changed while pages were printed with it. `failed` are all jobs that
    cannot be printed, and why; None leaves them as they are.
    """

    changes: list[int]
    results: RenderResults
    gone_jobs: set[str]
    run: RenderContext
    image_changes: ImageChanges = field(default_factory=lambda: ImageChanges({}, set()))
    removed: set[str] = field(default_factory=set)
    edition: Edition | None = None
    rerendered: list[int] = field(default_factory=list)
    site_changed: bool = False
    failed: Mapping[str, str] | None = None


@transaction.atomic
def record(done: BuildRecord) -> None:
    """Make the build state say what the edition now is, and forget the changes that it holds."""
    if done.edition:
        done.edition.save()
        _record_files(done.results, done.run.number)
        _record_pictures(done.image_changes, done.run.number)
        _forget(done.removed)
    _record_modified(done.run.modified)
    for jobs in batches(done.gone_jobs - done.results.dependencies.keys(), AT_ONCE):
        Dependency.objects.filter(job__in=jobs).delete()
    _record_dependencies(done.results.dependencies)
    _record_dependencies(done.run.placed)
    remember(done.run.fragments.fingerprints)
    OutputFile.objects.filter(gone=True, sha256="").exclude(kind="picture").delete()
    if done.failed is not None:
        failed_jobs.keep(done.failed)
    if done.site_changed:
        forget("house")  # whatever it says now, what was printed may be of another state
    for rows in batches(done.changes, AT_ONCE):
        Change.objects.filter(pk__in=rows).delete()
    for rows in batches(done.rerendered, AT_ONCE):
        RerenderJob.objects.filter(pk__in=rows).delete()


def last_number() -> int:
    """Return the number of the last edition in the build state, 0 before the first."""
    last = Edition.objects.first()
    return last.number if last else 0


def repair(tree: Tree, touched: Iterable[str]) -> set[str]:
    """Make the build state agree with the edition where a crash parted the two.

    Returns:
        The paths that stand in the edition and in no row: the next one must bring or
        remove them.
    """
    untracked: set[str] = set()
    for path in touched:
        if manifest.is_own(path):
            continue
        raw = tree.read(path)
        sha256 = manifest.entry(raw).sha256 if raw is not None else ""
        if not OutputFile.objects.filter(path=path).update(sha256=sha256) and raw is not None:
            untracked.add(path)
        OutputFile.objects.filter(path=path, kind="picture", sha256="").delete()
    return untracked


def find_untracked(tree: Tree) -> set[str]:
    """Compare the build state with the whole edition, and return the paths that are in no row.

    Pictures that the edition lacks are forgotten, so that they are brought again.
    """
    root = tree.current.resolve()
    there = set(paths_in(root))
    pictures = OutputFile.objects.filter(kind="picture").values_list("path", flat=True)
    for paths in batches(set(pictures) - there, AT_ONCE):
        OutputFile.objects.filter(path__in=paths).delete()
    booked = set(OutputFile.objects.values_list("path", flat=True))
    return {path for path in there - booked if not manifest.is_own(path)}


def _forget(removed: set[str]) -> None:
    for paths in batches(removed, AT_ONCE):
        OutputFile.objects.filter(Q(gone=True) | Q(kind="picture"), path__in=paths).delete()


def _record_files(results: RenderResults, number: int) -> None:
    rows = ((e.sha256, e.size, number, path) for path, e in results.entries.items())
    overwrite(OutputFile, ("sha256", "size", "edition"), "path", rows)


def _record_modified(modified: Mapping[str, datetime]) -> None:
    rows = ((at, path) for path, at in modified.items())
    overwrite(OutputFile, ("modified",), "path", rows)


def _record_pictures(image_changes: ImageChanges, number: int) -> None:
    OutputFile.objects.bulk_create(
        (
            OutputFile(path=path, job=f"{PICTURE}{of}", kind="picture", edition=number)
            for path, (of, _file) in image_changes.added.items()
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _record_dependencies(dependencies: Mapping[str, Iterable[str]]) -> None:
    for jobs in batches(dependencies, AT_ONCE):
        rows = Dependency.objects.filter(job__in=jobs).values_list("pk", "job", "key")
        there = {(job, key): pk for pk, job, key in rows}
        wanted = {(job, key) for job in jobs for key in dependencies[job]}
        for gone in batches((there[pair] for pair in there.keys() - wanted), AT_ONCE):
            Dependency.objects.filter(pk__in=gone).delete()
        insert(Dependency, ("job", "key"), sorted(wanted - there.keys()))
