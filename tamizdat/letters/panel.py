"""What a shift editor wants to know of letters: which is next, and when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from wagtail.admin.ui.components import Component

from tamizdat.letters import accounting
from tamizdat.letters.actions.issues import local_day
from tamizdat.letters.models import Issue, NewsletterText
from tamizdat.letters.upcoming import next_day
from tamizdat.lib import clock


@dataclass(frozen=True, slots=True)
class Next:
    """A newsletter of one language, and the issue that is in the making or being sent."""

    name: str
    language: str
    day: date
    issue: Issue | None
    account: accounting.Account | None


class NextLetterPanel(Component):
    """The next letter and when."""

    name = "letters"
    order = 200
    template_name = "letters/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002  Wagtail passes it by name
        today = local_day(settings.NEWSROOM, clock.now())
        found = sorted(upcoming(today), key=lambda each: (each.day, each.name, each.language))
        return {"upcoming": found, "today": today}


def upcoming(today: date) -> list[Next]:
    """Return the next issue of every newsletter in every language."""
    return [
        _next(text, today)
        for text in NewsletterText.objects.filter(newsletter__offered=True).select_related(
            "newsletter"
        )
    ]


def _next(text: NewsletterText, today: date) -> Next:
    ours = Issue.objects.filter(newsletter=text.newsletter, language=text.language)
    current = ours.exclude(state=Issue.State.SENT).first()
    last = ours.filter(day__isnull=False).order_by("-day").values_list("day", flat=True).first()
    sending = current is not None and current.state == Issue.State.SENDING
    return Next(
        name=text.name,
        language=text.language,
        day=next_day(text.newsletter.weekday, today, last),
        issue=current,
        account=accounting.account(current) if current is not None and sending else None,
    )
