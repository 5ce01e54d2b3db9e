"""Letters of which nobody will ever know whether they arrived: what is said of them, for a week."""

from datetime import datetime, timedelta
from pathlib import Path

from django.db.models import Count

from tamizdat.letters.alerts.delivery_alerts import DOUBTS, name
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.outbox import midnight
from tamizdat.lib.alerts import Alert, clear, raise_alert

SHOWN = timedelta(days=7)
WHY = (
    "Twice each, the connection to the mail relay broke after the letter's end was sent and before "
    "the relay said that it has it."
)
DO = (
    "Nothing is sent a third time, and readers need not do anything. If it happens again, ask "
    "whoever runs the relay why it breaks connections. This is said for a week."
)


def tell(data: Path, at: datetime) -> None:
    """Say how many there are, or take it back. Of answers it tells neither kind nor time of day."""
    found = [*_of_issues(at), *_answers()]
    if not found:
        clear(data, DOUBTS)
        return
    what = f"It is not known whether these letters arrived: {', '.join(found)}."
    raise_alert(data, Alert(DOUBTS, what, WHY, DO), midnight(at))


def _of_issues(at: datetime) -> list[str]:
    """Count those of issues of this week: in the outbox, or in what was kept of it."""
    recent = Issue.objects.filter(day__gte=(at - SHOWN).date()).order_by("pk")
    doubtful = Letter.objects.filter(kind="issue", state=Letter.State.IN_DOUBT, issue__in=recent)
    many = dict(doubtful.order_by().values_list("issue").annotate(Count("pk")))
    for issue in recent:
        many.setdefault(issue.pk, issue.totals.get(Letter.State.IN_DOUBT, 0))
    return [f"{many[issue.pk]} of {name(issue)}" for issue in recent if many[issue.pk]]


def _answers() -> list[str]:
    """Count those that answered somebody. `finish` forgets them after a week."""
    doubtful = Letter.objects.filter(state=Letter.State.IN_DOUBT).exclude(kind="issue")
    count = doubtful.count()
    return [f"{count} in answer to what readers asked for"] if count else []
