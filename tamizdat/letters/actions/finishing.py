"""Close what is done: issues that are sent, letters that answered somebody, and who got what."""

from datetime import datetime, timedelta

from django.db import transaction

from tamizdat.letters import outbox
from tamizdat.letters.accounting import account, counted
from tamizdat.letters.models import Issue, Letter

KEPT_FOR = timedelta(days=7)


@transaction.atomic
def finish(at: datetime) -> None:
    """Mark issues as sent when nothing of them waits; forget their letters a week later.

    What remains is how many were handed over. Who got an issue is nobody's business by then.
    A letter that answered somebody is forgotten when its day is over.
    """
    today = at.replace(hour=0, minute=0, second=0, microsecond=0)
    answers = Letter.objects.filter(subscription__isnull=True, state__in=outbox.DONE)
    answers.filter(queued_at__lt=today).delete()
    for issue in Issue.objects.filter(state=Issue.State.SENDING):
        if not account(issue).unfinished:
            Issue.objects.filter(pk=issue.pk).update(state=Issue.State.SENT)
    old = Letter.objects.filter(kind="issue", queued_at__lt=at - KEPT_FOR)
    for issue in Issue.objects.filter(state=Issue.State.SENT, pk__in=old.values("issue")):
        Issue.objects.filter(pk=issue.pk).update(totals=counted(issue))
        Letter.objects.filter(issue=issue, kind="issue", state__in=outbox.DONE).delete()
