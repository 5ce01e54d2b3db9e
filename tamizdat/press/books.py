"""The press's books: what they say of the edition after a publication, and after a crash."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tamizdat.press import failed_jobs, manifest
from tamizdat.press.fingerprints import forget, remember
from tamizdat.press.in_bulk import AT_ONCE, insert, overwrite, portions
from tamizdat.press.models import Change, Edition, Leaf, Need, Reprint
from tamizdat.press.printing import PICTURE, Gallery, Proofs
from tamizdat.press.run import Run
from tamizdat.press.tree import Tree
from tamizdat.press.tree_files import paths_in


@dataclass
class Entered:
    """What a publication did, to be entered into the books in one step.

    `edition` is None where nothing that readers see had changed. `reprints` are rows that are done.
    `house_moved`: the look changed while pages were printed with it. `failed` are all jobs that
    cannot be printed, and why; None leaves them as they are in the books.
    """

    changes: list[int]
    proofs: Proofs
    gone_jobs: set[str]
    run: Run
    gallery: Gallery = field(default_factory=lambda: Gallery({}, set()))
    removed: set[str] = field(default_factory=set)
    edition: Edition | None = None
    reprints: list[int] = field(default_factory=list)
    house_moved: bool = False
    failed: Mapping[str, str] | None = None


@transaction.atomic
def enter(done: Entered) -> None:
    """Make the books say what the edition now is, and forget the changes that it holds."""
    if done.edition:
        done.edition.save()
        _enter_leaves(done.proofs, done.run.number)
        _enter_pictures(done.gallery, done.run.number)
        _forget(done.removed)
    _enter_modified(done.run.modified)
    for jobs in portions(done.gone_jobs - done.proofs.needs.keys()):
        Need.objects.filter(job__in=jobs).delete()
    _enter_needs(done.proofs.needs)
    _enter_needs(done.run.placed)
    remember(done.run.fragments.fingerprints)
    Leaf.objects.filter(gone=True, sha256="").exclude(kind="picture").delete()
    if done.failed is not None:
        failed_jobs.keep(done.failed)
    if done.house_moved:
        forget("house")  # whatever it says now, what was printed may be of another state
    for rows in portions(done.changes):
        Change.objects.filter(pk__in=rows).delete()
    for rows in portions(done.reprints):
        Reprint.objects.filter(pk__in=rows).delete()


def last_number() -> int:
    """Return the number of the last edition in the books, 0 before the first."""
    last = Edition.objects.first()
    return last.number if last else 0


def reconcile(tree: Tree, touched: Iterable[str]) -> set[str]:
    """Make the books agree with the edition where a crash parted them.

    Returns:
        The paths that stand in the edition and in no book: the next one must bring or
        remove them.
    """
    strays: set[str] = set()
    for path in touched:
        if manifest.is_own(path):
            continue
        raw = tree.read(path)
        sha256 = manifest.entry(raw).sha256 if raw is not None else ""
        if not Leaf.objects.filter(path=path).update(sha256=sha256) and raw is not None:
            strays.add(path)
        Leaf.objects.filter(path=path, kind="picture", sha256="").delete()
    return strays


def take_stock(tree: Tree) -> set[str]:
    """Compare the books with the whole edition, and return the paths that are in no book.

    Pictures that the edition lacks are struck from the books, so that they are brought again.
    """
    root = tree.current.resolve()
    there = set(paths_in(root))
    pictures = Leaf.objects.filter(kind="picture").values_list("path", flat=True)
    for paths in portions(set(pictures) - there):
        Leaf.objects.filter(path__in=paths).delete()
    booked = set(Leaf.objects.values_list("path", flat=True))
    return {path for path in there - booked if not manifest.is_own(path)}


def _forget(removed: set[str]) -> None:
    for paths in portions(removed):
        Leaf.objects.filter(Q(gone=True) | Q(kind="picture"), path__in=paths).delete()


def _enter_leaves(proofs: Proofs, number: int) -> None:
    rows = ((e.sha256, e.size, number, path) for path, e in proofs.entries.items())
    overwrite(Leaf, ("sha256", "size", "edition"), "path", rows)


def _enter_modified(modified: Mapping[str, datetime]) -> None:
    rows = ((at, path) for path, at in modified.items())
    overwrite(Leaf, ("modified",), "path", rows)


def _enter_pictures(gallery: Gallery, number: int) -> None:
    Leaf.objects.bulk_create(
        (
            Leaf(path=path, job=f"{PICTURE}{of}", kind="picture", edition=number)
            for path, (of, _file) in gallery.added.items()
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _enter_needs(needs: Mapping[str, Iterable[str]]) -> None:
    for jobs in portions(needs):
        rows = Need.objects.filter(job__in=jobs).values_list("pk", "job", "key")
        there = {(job, key): pk for pk, job, key in rows}
        wanted = {(job, key) for job in jobs for key in needs[job]}
        for gone in portions(there[pair] for pair in there.keys() - wanted):
            Need.objects.filter(pk__in=gone).delete()
        insert(Need, ("job", "key"), sorted(wanted - there.keys()))
