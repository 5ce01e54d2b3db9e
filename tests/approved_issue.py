"""An issue that may be sent, without the test letter that an editor sends first."""


def approve_untested(issue):
    """Approve an issue as it is, as if a test of it had been handed over."""
    from django.conf import settings

    from tamizdat.letters.actions import issues
    from tamizdat.letters.models import Issue
    from tamizdat.letters.newsletters.composing import letter_digest

    digest = letter_digest(settings.NEWSROOM, Issue.objects.get(pk=issue.pk))
    Issue.objects.filter(pk=issue.pk).update(state=Issue.State.TESTED, tested_digest=digest)
    return issues.approve(issue)


def approved_issue(newsletter, at, subject="An issue"):
    """Compose an issue that holds a greeting and no article, and approve it."""
    from tamizdat.letters.actions import issues
    from tamizdat.letters.newsletters.drafting import Draft

    issue = issues.compose(newsletter, "en", at)
    return approve_untested(issues.edit(issue, Draft(subject, greeting="Good evening.")))
