"""The archive's own page: all months, topics and people. A subject is a language."""

from collections.abc import Sequence
from itertools import groupby

from tamizdat.desk import published
from tamizdat.lib import paths
from tamizdat.press.frames import About, frame
from tamizdat.press.leaves.month import first_moment
from tamizdat.press.links import Links
from tamizdat.press.models import Leaf
from tamizdat.press.pages import ArchiveIndex, ArchiveYear, Link, Month
from tamizdat.press.reading import Reading
from tamizdat.press.run import Address, Printed, Run, page


def addresses(reading: Reading, subject: str) -> list[Address]:
    """Return where a language's archive stands; it stands even while it is empty."""
    there = subject in reading.newsroom.languages
    return [Address(paths.archive(subject), subject, "archive")] if there else []


def make(run: Run, subject: str) -> Printed | None:
    """Return the archive's page."""
    links = run.links(paths.archive(subject))
    title = run.theme.text("Archive", subject)
    shown = ArchiveIndex(
        frame=frame(
            run, About("archive", subject, title, translations=_others(run, subject)), links
        ),
        years=_years(subject, links),
        topics=_keepers("topic", published.topics(subject), links),
        people=_keepers("person", published.people(subject), links),
    )
    return Printed([page(run, shown, links)]).note([links])


def _others(run: Run, subject: str) -> tuple[tuple[str, str], ...]:
    others = (language for language in run.newsroom.languages if language != subject)
    return tuple((language, paths.archive(language)) for language in others)


def _years(language: str, links: Links) -> tuple[ArchiveYear, ...]:
    months = Leaf.objects.filter(language=language, kind="month", gone=False)
    newest = months.order_by("-path").values_list("path", "job")
    every = [Month(links.way(path), first_moment(job.rpartition(":")[2])) for path, job in newest]
    years = groupby(every, key=lambda month: month.start.year)
    return tuple(ArchiveYear(year, tuple(of)) for year, of in years)


def _keepers(
    kind: str, keepers: Sequence[published.Topic | published.Person], links: Links
) -> tuple[Link, ...]:
    links.needs |= {f"{kind}:{one.id}" for one in keepers}
    return tuple(
        Link(href, one.name)
        for one in sorted(keepers, key=lambda one: one.name.casefold())
        if (href := links.there(paths.listing(one.language, kind, one.slug)))
    )
