"""The press's books: what they say of the edition after a publication, and after a crash."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import transaction
from django.db.models import Q

from tamizdat.press import manifest
from tamizdat.press.models import Change, Edition, Fingerprint, Leaf, Need
from tamizdat.press.printing import PICTURE, Gallery, Proofs
from tamizdat.press.run import Run
from tamizdat.press.tree import Tree

AT_ONCE = 500  # rows of one query
T = TypeVar("T")


@dataclass
class Entered:
    """What a publication did, to be entered into the books in one step.

    `edition` is None where nothing that readers see had changed.
    """

    changes: list[int]
    proofs: Proofs
    gone_jobs: set[str]
    run: Run
    gallery: Gallery = field(default_factory=lambda: Gallery({}, set()))
    removed: set[str] = field(default_factory=set)
    edition: Edition | None = None


@transaction.atomic
def enter(done: Entered) -> None:
    """Make the books say what the edition now is, and forget the changes that it holds."""
    if done.edition:
        done.edition.save()
        _enter_leaves(done.proofs, done.run.number)
        _enter_pictures(done.gallery, done.run.number)
        _forget(done.removed)
    for path, at in done.run.modified.items():
        Leaf.objects.filter(path=path).update(modified=at)
    for jobs in _portions(done.gone_jobs - done.proofs.needs.keys()):
        Need.objects.filter(job__in=jobs).delete()
    for job, keys in done.proofs.needs.items():
        _enter_needs(job, keys)
    for key, value in done.run.fragments.fingerprints.items():
        Fingerprint.objects.update_or_create(key=key, defaults={"value": value})
    for rows in _portions(done.changes):
        Change.objects.filter(pk__in=rows).delete()


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
    there = {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}
    pictures = Leaf.objects.filter(kind="picture").values_list("path", flat=True)
    for paths in _portions(set(pictures) - there):
        Leaf.objects.filter(path__in=paths).delete()
    booked = set(Leaf.objects.values_list("path", flat=True))
    return {path for path in there - booked if not manifest.is_own(path)}


def _forget(removed: set[str]) -> None:
    for paths in _portions(removed):
        Leaf.objects.filter(Q(gone=True) | Q(kind="picture"), path__in=paths).delete()


def _enter_leaves(proofs: Proofs, number: int) -> None:
    for path, entry in proofs.entries.items():
        rows = Leaf.objects.filter(path=path)
        rows.update(sha256=entry.sha256, size=entry.size, edition=number)


def _enter_pictures(gallery: Gallery, number: int) -> None:
    Leaf.objects.bulk_create(
        (
            Leaf(path=path, job=f"{PICTURE}{of}", kind="picture", edition=number)
            for path, (of, _file) in gallery.added.items()
        ),
        batch_size=AT_ONCE,
        ignore_conflicts=True,
    )


def _enter_needs(job: str, keys: set[str]) -> None:
    before = set(Need.objects.filter(job=job).values_list("key", flat=True))
    if gone := before - keys:
        Need.objects.filter(job=job, key__in=gone).delete()
    Need.objects.bulk_create(Need(job=job, key=key) for key in keys - before)


def _portions(every: Iterable[T]) -> Iterable[list[T]]:
    listed = list(every)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
