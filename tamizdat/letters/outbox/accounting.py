"""What became of an issue's letters, so that the sum is always right.

frozen = handed over + deferred + refused + suppressed + in doubt + waiting
"""

from dataclasses import dataclass

from django.db.models import Count

from tamizdat.letters.models import Issue, Letter

State = Letter.State
WAITING = (State.QUEUED, State.TAKEN, State.LEAVING)


@dataclass(frozen=True, slots=True)
class Account:
    """How many letters of an issue are in which state. Whoever is being handed over waits."""

    frozen: int
    handed_over: int = 0
    deferred: int = 0
    refused: int = 0
    suppressed: int = 0
    in_doubt: int = 0
    waiting: int = 0

    @property
    def is_right(self) -> bool:
        """Whether no letter is missing and none too many."""
        done = self.handed_over + self.refused + self.suppressed + self.in_doubt
        return self.frozen == done + self.unfinished

    @property
    def unfinished(self) -> int:
        """How many may still leave."""
        return self.deferred + self.waiting


def account(issue: Issue) -> Account:
    """Return the account of an issue, from its letters or from what was kept of them."""
    counts = issue.totals or counted(issue)
    return Account(
        frozen=issue.frozen,
        handed_over=counts.get(State.HANDED_OVER, 0),
        deferred=counts.get(State.DEFERRED, 0),
        refused=counts.get(State.REFUSED, 0),
        suppressed=counts.get(State.SUPPRESSED, 0),
        in_doubt=counts.get(State.IN_DOUBT, 0),
        waiting=sum(counts.get(state, 0) for state in WAITING),
    )


def counted(issue: Issue) -> dict[str, int]:
    """Return how many letters of the issue are in each state."""
    rows = Letter.objects.filter(issue=issue, kind="issue").order_by()
    return dict(rows.values_list("state").annotate(Count("id")))
