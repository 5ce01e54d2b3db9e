"""The kinds of output files: for each, where it stands (`addresses`) and how it is made (`make`).

A job is a kind and a subject ("article:12", "list:topic:ru:4:0"). `addresses` answers when an
edition is planned, from what the desk shows now: no address means that the subject is no more.
`make` prints exactly what was planned, or None if its subject has vanished since.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tamizdat.press.content.repository import Repository
from tamizdat.press.pages.context import OutputPath, RenderContext, Rendered
from tamizdat.press.pages.kinds import (
    archive,
    article,
    edition,
    feeds,
    front,
    listing,
    month,
    notfound,
    part,
    plain,
    robots,
    search,
    shard,
    sitemaps,
)


def _nothing(_of: Repository | RenderContext, _subjects: list[str]) -> None:
    """Prepare nothing: there are few of the kind."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of output file. Kinds are planned and printed in the order of `KINDS`.

    `foresee` and `prepare` are told of many subjects at once, before `addresses` or `make` are
    asked for each, so that they can read in one query what all of them depend on.
    """

    addresses: Callable[[Repository, str], list[OutputPath]]
    make: Callable[[RenderContext, str], Rendered | None]
    foresee: Callable[[Repository, list[str]], None] = _nothing
    prepare: Callable[[RenderContext, list[str]], None] = _nothing


KINDS = {
    "plain": Kind(plain.addresses, plain.make),
    "part": Kind(part.addresses, part.make),
    "article": Kind(article.addresses, article.make, article.foresee, article.prepare),
    "list": Kind(listing.addresses, listing.make, listing.foresee, listing.prepare),
    "month": Kind(month.addresses, month.make, prepare=month.prepare),
    "shard": Kind(shard.addresses, shard.make),
    "search": Kind(search.addresses, search.make),
    "archive": Kind(archive.addresses, archive.make),
    "notfound": Kind(notfound.addresses, notfound.make),
    "feeds": Kind(feeds.addresses, feeds.make),
    "sitemap": Kind(sitemaps.addresses, sitemaps.make),
    "news": Kind(sitemaps.news_addresses, sitemaps.make_news),
    "sitemaps": Kind(sitemaps.index_addresses, sitemaps.make_index),
    "robots": Kind(robots.addresses, robots.make),
    "favicon": Kind(robots.favicon_addresses, robots.make_favicon),
    "front": Kind(front.addresses, front.make, prepare=front.prepare),
    "edition": Kind(edition.addresses, edition.make),
}
RANK = {kind: rank for rank, kind in enumerate(KINDS)}


def name_of(job: str) -> str:
    """Return the name of the kind that a job is of."""
    return job.partition(":")[0]


def kind_of(job: str) -> Kind:
    """Return the kind that a job is of."""
    return KINDS[name_of(job)]


def subject_of(job: str) -> str:
    """Return what a job is about."""
    return job.partition(":")[2]


def rank(job: str) -> tuple[int, str]:
    """Return what sorts jobs into the order in which they are to be done."""
    return RANK[name_of(job)], job
