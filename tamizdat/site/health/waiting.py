"""What waits longer than it should."""

from collections.abc import Iterator
from datetime import timedelta

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.health.finding import Finding, wrong

AN_ISSUE_TAKES = timedelta(days=1)


def for_the_reader_key(newsroom: Newsroom) -> Iterator[Finding]:
    """Say what waits for more than eight days because nobody unlocked the reader key."""
    from tamizdat.letters.alerts import held_up

    for each in held_up.held_up(newsroom, clock.now()):
        yield wrong(str(each), held_up.HOW, about=f"waits {each.what}")


def issues_that_are_stuck(_newsroom: Newsroom) -> Iterator[Finding]:
    """Say which issues are being sent for more than a day."""
    from tamizdat.letters import outbox
    from tamizdat.letters.models import Issue, Letter

    late = (clock.now() - AN_ISSUE_TAKES).date()
    for issue in Issue.objects.filter(state=Issue.State.SENDING, day__lt=late):
        waiting = Letter.objects.filter(issue=issue, state__in=(*outbox.DUE, Letter.State.TAKEN))
        yield wrong(
            f"the issue of {issue.day:%-d %B} ({issue.language}) is not out: "
            f"{waiting.count():,} of {issue.frozen:,} letters wait",
            "Unlock the reader key at the desk, under Letters. If it is unlocked, the relay does "
            "not take them: see what fails now.",
            about=f"issue {issue.pk}",
        )
