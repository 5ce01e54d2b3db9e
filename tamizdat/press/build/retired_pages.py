"""What goes from the edition, and what stays in it a little longer.

An article goes at once, with everything that links to it. A section whose address changed is linked
to by every page of its language: its old pages are *retired*. They stay in the edition, though no
new page links to them, until no stale page waits, and so none leads to them any more.

Nobody prints a retired page. Should something go meanwhile that it links to or shows, its text
becomes the one of the page for what is not there.
"""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from tamizdat.desk.published import Filed
from tamizdat.lib import paths
from tamizdat.lib.batches import batches
from tamizdat.press.content import lists
from tamizdat.press.content.bulk import AT_ONCE as ROWS
from tamizdat.press.content.repository import ListSubject
from tamizdat.press.models import FailedJob, OutputFile, RerenderJob
from tamizdat.press.output.tree import Tree, can_stand
from tamizdat.press.pages.context import RenderContext
from tamizdat.press.pages.kinds import notfound

RETIRED_KINDS = frozenset({"section", "topic", "person", "older", "plain", "part"})
ARTICLE = "article:"


def going(jobs: list[str], filed: Mapping[int, Filed]) -> set[str]:
    """Return the keys of those articles that stand in the edition and will no longer stand there.

    Args:
        jobs: Of the articles ("article:12").
        filed: Those of them that are published.
    """
    there = OutputFile.objects.filter(job__in=jobs, gone=False, kind="article")
    stays = {f"{ARTICLE}{number}": each.card.path for number, each in filed.items()}
    return {
        f"card:{job.removeprefix(ARTICLE)}"
        for job, path in there.values_list("job", "path")
        if stays.get(job) != path
    }


def moved(of: str, list_subject: ListSubject) -> bool:
    """Say whether a list gets another address with this edition."""
    now = paths.listing(list_subject.language, of.partition(":")[0], list_subject.slug)
    there = OutputFile.objects.filter(job=f"list:{of}:{lists.HEAD}", gone=False)
    return there.exclude(path=now).exists()


def due_for_removal(tree: Tree) -> set[tuple[str, str]]:
    """Return the path and the job of each output file that the next edition is to be without.

    What was planned and never printed is not among them, unless it stands there all the same.
    """
    gone = OutputFile.objects.filter(gone=True)
    if RerenderJob.objects.exists() or FailedJob.objects.exists():
        gone = gone.filter(retired=False)
    return {
        (path, job)
        for path, job, sha256 in gone.values_list("path", "job", "sha256")
        if sha256 or (can_stand(path) and tree.read(path) is not None)
    }


def tombstones(
    run: RenderContext, tree: Tree, removed: Iterable[str], failed: Iterable[str]
) -> dict[str, bytes]:
    """Return new bytes for pages that stay as they are and lead to something that goes now.

    Those are retired pages, and those that should have been printed now and could not be.

    Args:
        run: What to print them with.
        tree: The edition that readers have.
        removed: The paths that go.
        failed: The jobs that could not be printed.
    """
    going_now = set(removed)
    if not going_now:
        return {}
    staying = set(_pages(OutputFile.objects.filter(gone=True, retired=True)))
    for some in batches(failed, ROWS):
        staying.update(_pages(OutputFile.objects.filter(job__in=some, gone=False)))
    return {
        path: notfound.at(run, path, language).content
        for path, language in sorted(staying)
        if path not in going_now and _leads_to(tree.read(path) or b"", path, going_now)
    }


def _pages(files: QuerySet[OutputFile]) -> Iterable[tuple[str, str]]:
    pages = files.exclude(sha256="").filter(path__endswith=".html")
    return pages.values_list("path", "language")


def _leads_to(page: bytes, path: str, targets: set[str]) -> bool:
    ways = (paths.relative(target, path).encode() for target in targets)
    roots = (("../" * path.count("/") + target).encode() for target in targets)
    return any(way in page for way in (*ways, *roots))
