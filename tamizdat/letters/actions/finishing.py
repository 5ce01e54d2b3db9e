"""Close what is done: issues that are sent, letters that answered somebody, and who got what."""

from datetime import datetime

from django.db import transaction

from tamizdat.letters import outbox
from tamizdat.letters.accounting import account, counted
from tamizdat.letters.models import Issue, Letter


@transaction.atomic
def finish(at: datetime) -> None:
    """Mark issues as sent when nothing of them waits, and forget who got them.

    What remains is how many were handed over. A letter to a subscriber joins a sealed address with
    an issue, and with what a relay said of that mailbox: nobody needs it any more. A letter that
    answered somebody is forgotten when its day is over.
    """
    answers = Letter.objects.filter(subscription__isnull=True, state__in=outbox.DONE)
    answers.filter(queued_at__lt=outbox.midnight(at)).delete()
    for issue in Issue.objects.filter(state=Issue.State.SENDING):
        if not account(issue).unfinished:
            Issue.objects.filter(pk=issue.pk).update(state=Issue.State.SENT)
    of_issues = Letter.objects.filter(kind="issue")
    for issue in Issue.objects.filter(state=Issue.State.SENT, pk__in=of_issues.values("issue")):
        Issue.objects.filter(pk=issue.pk).update(totals=counted(issue))
        of_issues.filter(issue=issue).delete()
