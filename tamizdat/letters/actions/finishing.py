"""Close what is done: issues that are sent, letters that answered somebody, and who got what."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tamizdat.letters import outbox
from tamizdat.letters.alerts import delivery_alerts, in_doubt
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.outbox.accounting import account, counted

State = Letter.State


def finish(at: datetime) -> None:
    """Mark issues as sent when nothing of them waits, and forget who got them.

    What remains is how many were handed over. A letter to a subscriber joins a sealed address with
    an issue, and with what a relay said of that mailbox: nobody needs it any more. A letter that
    answered somebody is forgotten when its day is over; one in doubt is counted for a week.
    """
    data = settings.NEWSROOM.data
    with transaction.atomic():
        _forget_answers(at)
        _finish_issues()
    _forget_alerts(data)
    in_doubt.tell(data, at)


def _forget_answers(at: datetime) -> None:
    answers = Letter.objects.filter(
        subscription__isnull=True, state__in=outbox.DONE, queued_at__lt=outbox.midnight(at)
    )
    doubtful = answers.filter(state=State.IN_DOUBT, queued_at__gte=at - in_doubt.SHOWN)
    answers.exclude(pk__in=doubtful.values("pk")).delete()


def _finish_issues() -> None:
    for issue in Issue.objects.filter(state=Issue.State.SENDING):
        if not account(issue).unfinished:
            Issue.objects.filter(pk=issue.pk).update(state=Issue.State.SENT)
    of_issues = Letter.objects.filter(kind="issue")
    for issue in Issue.objects.filter(state=Issue.State.SENT, pk__in=of_issues.values("issue")):
        Issue.objects.filter(pk=issue.pk).update(totals=counted(issue))
        of_issues.filter(issue=issue).delete()


def _forget_alerts(data: Path) -> None:
    """Take back what was said about letters, kinds and issues that are done with, or gone."""
    waiting = Letter.objects.filter(state__in=(*outbox.DUE, *outbox.IN_HAND))
    for letter in delivery_alerts.of_letters(data):
        if not waiting.filter(pk=letter).exists():
            delivery_alerts.letter_went(data, letter)
    for kind in delivery_alerts.of_kinds(data):
        if not waiting.filter(kind=kind).exists():
            delivery_alerts.kind_written(data, kind)
    for issue in delivery_alerts.of_issues(data):
        if not Issue.objects.filter(pk=issue, state=Issue.State.SENDING).exists():
            delivery_alerts.issue_works(data, issue)
