"""A month of the archive. A subject is "en:2026-11", a month in UTC as in articles' paths."""

from datetime import UTC, datetime

from django.db.models import QuerySet

from tamizdat.lib import paths
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import OutputFile
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.teasers import expect, teasers
from tamizdat.press.pages.view_models import ListingPage

DECEMBER = 12


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where the month stands; nowhere if nothing was published in it."""
    language, month = subject.split(":")
    there = language in repository.newsroom.languages and articles_of(language, month).exists()
    return [OutputPath(paths.archive(language, month), language, "month")] if there else []


def prepare(run: RenderContext, subjects: list[str]) -> None:
    """Read the cards of all that was published in many months at once."""
    expect(run, (number for subject in subjects for number in _numbers(*subject.split(":"))))


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the month's page."""
    language, month = subject.split(":")
    links = run.links(paths.archive(language, month))
    start = first_moment(month)
    cards = run.repository.cards(_numbers(language, month))
    newest = sorted(cards, key=lambda card: (card.published, card.id), reverse=True)
    shown = ListingPage(
        frame=layout(run, About("month", language, month), links),
        name="",
        about="",
        teasers=teasers(run, [card.id for card in newest], links),
        month=start,
        newer=links.to(paths.archive(language, f"{_next(start):%Y-%m}")),
        older=links.to(paths.archive(language, f"{_previous(start):%Y-%m}")),
    )
    return Rendered([page(run, shown, links)]).note([links])


def _numbers(language: str, month: str) -> list[int]:
    jobs = articles_of(language, month).values_list("job", flat=True)
    return [int(job.partition(":")[2]) for job in jobs]


def first_moment(month: str) -> datetime:
    """Return when a month ("2026-11") began."""
    return datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)


def articles_of(language: str, month: str) -> QuerySet[OutputFile]:
    """Return the output files of a month's articles: those whose paths say so."""
    folder = f"{language}/{month.replace('-', '/')}"
    files = OutputFile.objects.filter(language=language, kind="article", gone=False)
    # a range, because LIKE uses no index in SQLite; "0" comes right after "/"
    return files.filter(path__gt=f"{folder}/", path__lt=f"{folder}0")


def _next(start: datetime) -> datetime:
    if start.month == DECEMBER:
        return start.replace(year=start.year + 1, month=1)
    return start.replace(month=start.month + 1)


def _previous(start: datetime) -> datetime:
    if start.month == 1:
        return start.replace(year=start.year - 1, month=DECEMBER)
    return start.replace(month=start.month - 1)
