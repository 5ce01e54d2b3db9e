"""What a shift editor wants to know of letters: which is next, and when."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from wagtail.admin.ui.components import Component

from tamizdat.letters.alerts import held_up
from tamizdat.letters.models import Issue, NewsletterText
from tamizdat.letters.newsletters.schedule import local_day, next_day
from tamizdat.letters.outbox import accounting
from tamizdat.lib import clock


@dataclass(frozen=True, slots=True)
class Next:
    """A newsletter of one language, and the issue that is in the making or being sent."""

    code: str
    name: str
    language: str
    day: date
    issue: Issue | None
    account: accounting.Account | None


@dataclass(frozen=True, slots=True)
class Due:
    """A newsletter on the day on which its next issues go out; `idle` are languages not begun."""

    day: date
    name: str
    begun: list[Next]
    idle: list[str]


class NextLetterPanel(Component):
    """The next letter and when."""

    name = "letters"
    order = 200
    template_name = "letters/panel.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002  Wagtail passes it by name
        today = local_day(settings.NEWSROOM, clock.now())
        return {"upcoming": by_day(upcoming(today)), "today": today}


class HeldUpPanel(Component):
    """What waits for more than a week because nobody unlocks the reader key."""

    name = "held-up"
    order = 10
    template_name = "letters/held_up.html"

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        return {"held_up": held_up.held_up(settings.NEWSROOM, clock.now())}


def by_day(found: Iterable[Next]) -> list[Due]:
    """Return them soonest first, the languages of one newsletter on one day together."""
    together = defaultdict(list)
    for each in found:
        together[each.day, each.code].append(each)
    return [_due(day, together[day, code]) for day, code in sorted(together)]


def upcoming(today: date) -> list[Next]:
    """Return the next issue of every newsletter in every language, the newsroom's own first."""
    words = NewsletterText.objects.filter(newsletter__offered=True).select_related("newsletter")
    order = {code: n for n, code in enumerate(settings.NEWSROOM.languages)}
    return [
        _next(text, today)
        for text in sorted(words, key=lambda text: order.get(text.language, len(order)))
    ]


def _due(day: date, languages: list[Next]) -> Due:
    begun = [each for each in languages if each.issue is not None]
    idle = [each.language for each in languages if each.issue is None]
    return Due(day, languages[0].name, begun, idle)


def _next(text: NewsletterText, today: date) -> Next:
    ours = Issue.objects.filter(newsletter=text.newsletter, language=text.language)
    current = ours.exclude(state=Issue.State.SENT).first()
    last = ours.filter(day__isnull=False).order_by("-day").values_list("day", flat=True).first()
    sending = current is not None and current.state == Issue.State.SENDING
    return Next(
        code=text.newsletter.code,
        name=text.name,
        language=text.language,
        day=next_day(text.newsletter.weekday, today, last),
        issue=current,
        account=accounting.account(current) if current is not None and sending else None,
    )
