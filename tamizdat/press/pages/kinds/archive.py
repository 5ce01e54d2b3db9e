"""The archive's own page: all months, topics and people. A subject is a language."""

from collections.abc import Sequence
from itertools import groupby

from tamizdat.desk import published
from tamizdat.lib import paths
from tamizdat.press.content.repository import Repository
from tamizdat.press.models import OutputFile
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered, page
from tamizdat.press.pages.kinds.month import first_moment
from tamizdat.press.pages.layout import layout
from tamizdat.press.pages.links import Links
from tamizdat.press.pages.view_models import ArchiveIndex, ArchiveYear, Link, Month


def addresses(repository: Repository, subject: str) -> list[OutputPath]:
    """Return where a language's archive stands; it stands even while it is empty."""
    there = subject in repository.newsroom.languages
    return [OutputPath(paths.archive(subject), subject, "archive")] if there else []


def make(run: RenderContext, subject: str) -> Rendered | None:
    """Return the archive's page."""
    links = run.links(paths.archive(subject))
    title = run.theme.text("Archive", subject)
    shown = ArchiveIndex(
        frame=layout(
            run, About("archive", subject, title, translations=_others(run, subject)), links
        ),
        years=_years(subject, links),
        topics=_list_subjects("topic", published.topics(subject), links),
        people=_list_subjects("person", published.people(subject), links),
    )
    return Rendered([page(run, shown, links)]).note([links])


def _others(run: RenderContext, subject: str) -> tuple[tuple[str, str], ...]:
    others = (language for language in run.newsroom.languages if language != subject)
    return tuple((language, paths.archive(language)) for language in others)


def _years(language: str, links: Links) -> tuple[ArchiveYear, ...]:
    months = OutputFile.objects.filter(language=language, kind="month", gone=False)
    newest = months.order_by("-path").values_list("path", "job")
    every = [Month(links.way(path), first_moment(job.rpartition(":")[2])) for path, job in newest]
    years = groupby(every, key=lambda month: month.start.year)
    return tuple(ArchiveYear(year, tuple(of)) for year, of in years)


def _list_subjects(
    kind: str, keepers: Sequence[published.Topic | published.Person], links: Links
) -> tuple[Link, ...]:
    links.dependencies |= {f"{kind}:{one.id}" for one in keepers}
    return tuple(
        Link(href, one.name)
        for one in sorted(keepers, key=lambda one: one.name.casefold())
        if (href := links.there(paths.listing(one.language, kind, one.slug)))
    )
