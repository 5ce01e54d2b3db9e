"""All that the desk knows about where one person's name stands: what withdrawing it would touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from wagtail.models import Page, Revision, WorkflowState

from tamizdat.desk.mentions import Mention, holding, mentions, words
from tamizdat.desk.models import Byline, Person, Picture
from tamizdat.desk.published.carriers import Carried, carried
from tamizdat.desk.spellings import Spellings

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


def whereabouts(spellings: Spellings, people: Iterable[Person] = ()) -> Whereabouts:
    """Return where the name stands; `people` are the rows that are going to go themselves."""
    ids = [person.pk for person in people]
    return Whereabouts(
        spellings=spellings,
        articles=Byline.objects.filter(person__in=ids).values("article").distinct().count(),
        credits=len(credited(spellings)),
        superseded=len(superseded(spellings)),
        mentions=mentions(spellings, kept(), ids),
        carried=carried(spellings.hold, spellings.kept()),
    )


def credited(spellings: Spellings) -> list[Picture]:
    """Return the pictures whose credit holds the name."""
    rows = holding(Picture.objects.all(), "credit", spellings)
    return [picture for picture in rows if spellings.hold(picture.credit)]


def superseded(spellings: Spellings) -> list[int]:
    """Return the revisions that hold the name and that nothing goes on from."""
    rows = holding(Revision.objects.exclude(pk__in=kept()), "content", spellings)
    return [row.pk for row in rows.iterator(100) if spellings.hold(words(row.content))]


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
