"""What goes from the edition, and what stays in it a little longer.

An article goes at once, with everything that links to it. A section whose address changed is linked
to by every page of its language: its old pages *linger*. They stay in the edition, though no
new page links to them, until no page waits to be reprinted, and so none leads to them any more.

Nobody prints a page that lingers. Should something go meanwhile that it links to or shows, its text
becomes the one of the page for what is not there.
"""

from collections.abc import Iterable, Mapping

from tamizdat.desk.published import Filed, Person, Section, Topic
from tamizdat.lib import paths
from tamizdat.press import shelf
from tamizdat.press.leaves import notfound
from tamizdat.press.models import Leaf, Reprint
from tamizdat.press.run import Run
from tamizdat.press.tree import Tree

LINGERING = frozenset({"section", "topic", "person", "older", "plain", "part"})
ARTICLE = "article:"


def going(jobs: list[str], filed: Mapping[int, Filed]) -> set[str]:
    """Return the keys of those articles that stand in the edition and will no longer stand there.

    Args:
        jobs: Of the articles ("article:12").
        filed: Those of them that are published.
    """
    there = Leaf.objects.filter(job__in=jobs, gone=False, kind="article")
    stays = {f"{ARTICLE}{number}": each.card.path for number, each in filed.items()}
    return {
        f"card:{job.removeprefix(ARTICLE)}"
        for job, path in there.values_list("job", "path")
        if stays.get(job) != path
    }


def moved(of: str, keeper: Section | Topic | Person) -> bool:
    """Say whether a list gets another address with this edition."""
    now = paths.listing(keeper.language, of.partition(":")[0], keeper.slug)
    there = Leaf.objects.filter(job=f"list:{of}:{shelf.HEAD}", gone=False)
    return there.exclude(path=now).exists()


def departing() -> set[tuple[str, str]]:
    """Return the path and the job of each leaf that the next edition is to be without."""
    gone = Leaf.objects.filter(gone=True)
    if Reprint.objects.exists():
        gone = gone.filter(lingers=False)
    return set(gone.values_list("path", "job"))


def farewells(run: Run, tree: Tree, removed: Iterable[str]) -> dict[str, bytes]:
    """Return new bytes for pages that linger and lead to something that goes now, by path."""
    going_now = set(removed)
    staying = Leaf.objects.filter(gone=True, lingers=True).exclude(path__in=going_now)
    if not going_now:
        return {}
    return {
        path: notfound.at(run, path, language).content
        for path, language in staying.values_list("path", "language")
        if _leads_to(tree.read(path) or b"", path, going_now)
    }


def _leads_to(page: bytes, path: str, targets: set[str]) -> bool:
    ways = (paths.relative(target, path).encode() for target in targets)
    roots = (("../" * path.count("/") + target).encode() for target in targets)
    return any(way in page for way in (*ways, *roots))
