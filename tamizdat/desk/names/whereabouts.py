"""All that the desk knows about where one person's name stands: what withdrawing it would touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page, Revision, WorkflowState

from tamizdat.desk.models import Byline, Person, Picture
from tamizdat.desk.names.mentions import Mention, mentions, words
from tamizdat.desk.published.carriers import Carried, carried
from tamizdat.desk.published.traces import holding
from tamizdat.desk.spellings import Spellings
from tamizdat.lib.batches import batches

AT_ONCE = 500  # rows of one query
#: The numbers of revisions that nothing goes on from, and revisions that are still at work.
Versions = tuple[list[int], list[Revision]]
WAITING = (WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES)


@dataclass(frozen=True)
class Whereabouts:
    """`mentions` are for an editor to mend; `carried` has left the house."""

    spellings: Spellings
    articles: int
    credits: int
    superseded: int
    mentions: list[Mention]
    carried: list[Carried]


def twins(person: Person) -> list[Person]:
    """Return the same person's rows in all languages."""
    rows = Person.objects.filter(translation_key=person.translation_key)
    return list(rows.select_related("locale").order_by("pk"))


def spellings_of(people: Iterable[Person], also: Iterable[str] = ()) -> Spellings:
    """Return how they are written: their names and addresses, and what an editor adds."""
    own = [word for person in people for word in (person.name, person.slug)]
    return Spellings.of([*own, *also])


def whereabouts(
    spellings: Spellings, people: Iterable[Person] = (), found: Versions | None = None
) -> Whereabouts:
    """Return where the name stands.

    Args:
        spellings: How it is written.
        people: The rows that are going to go themselves.
        found: The versions that hold it, for who has looked already: to read all takes longest.
    """
    ids = [person.pk for person in people]
    old, drafts = found or versions(spellings)
    return Whereabouts(
        spellings=spellings,
        articles=Byline.objects.filter(person__in=ids).values("article").distinct().count(),
        credits=len(credited(spellings)),
        superseded=len(old),
        mentions=mentions(spellings, drafts, ids),
        carried=carried(spellings.hold, spellings.sought),
    )


def credited(spellings: Spellings) -> list[Picture]:
    """Return the pictures whose credit holds the name."""
    rows = holding(Picture.objects.all(), ["credit"], spellings.sought)
    return [picture for picture in rows if spellings.hold(picture.credit)]


def versions(spellings: Spellings) -> Versions:
    """Return the revisions that hold the name, in one reading of them all."""
    rows = holding(Revision.objects.all(), ["content"], spellings.sought)
    found = [row.pk for row in rows if spellings.hold(words(row.content))]
    old, drafts = list[int](), list[Revision]()
    for some in batches(found, AT_ONCE):
        at_work = list(Revision.objects.filter(Q(pk__in=some), pk__in=kept()).defer("content"))
        drafts += at_work
        old += set(some).difference(row.pk for row in at_work)
    return old, drafts


def kept() -> Any:
    """Return the query for revisions still at work: newest, live, scheduled, being approved."""
    pages = Page.objects.all()
    newest = pages.exclude(latest_revision=None).values("latest_revision")
    live = pages.exclude(live_revision=None).values("live_revision")
    return Revision.objects.filter(
        Q(pk__in=newest)
        | Q(pk__in=live)
        | Q(approved_go_live_at__isnull=False)
        | Q(task_states__workflow_state__status__in=WAITING)
    ).values("pk")
