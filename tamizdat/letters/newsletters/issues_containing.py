"""Which issues hold a name that an editor withdraws: sent ones cannot be called back."""

from collections.abc import Callable, Iterator

from django.urls import reverse

from tamizdat.desk.published import carriers, traces
from tamizdat.desk.published.carriers import Carried
from tamizdat.desk.published.traces import Trace
from tamizdat.letters.models import Issue
from tamizdat.lib.batches import batches

WORDS = ("subject", "greeting", "signoff", "text", "html")


def issues_containing(holds: Callable[[str], bool], sought: tuple[Trace, ...]) -> Iterator[Carried]:
    """Return the issues whose words, as they went out or are going to, hold the name."""
    columns = dict.fromkeys((*WORDS, "items__intro"), False)
    found = dict[int, Issue]()
    for some in batches(sought, traces.AT_ONCE):
        rows = Issue.objects.filter(traces.asked(columns, some)).select_related("newsletter")
        found |= {issue.pk: issue for issue in rows.distinct()}
    for issue in found.values():
        said = [*(getattr(issue, field) for field in WORDS), *_intros(issue)]
        if any(map(holds, said)):
            yield _carried(issue)


def register_carrier() -> None:
    """Let the desk ask us when a name is withdrawn."""
    carriers.register("letters", issues_containing)


def _intros(issue: Issue) -> list[str]:
    return [item.intro for item in issue.items.all()]


def _carried(issue: Issue) -> Carried:
    what = f"{issue.newsletter} ({issue.language}): {issue.subject}"
    sent = issue.day if issue.state in (Issue.State.SENT, Issue.State.SENDING) else None
    return Carried(
        what, sent, issue.get_state_display().lower(), reverse("letters:issue", args=(issue.pk,))
    )
