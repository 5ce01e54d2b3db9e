"""Which articles the readers of a newsletter had in an earlier issue."""

from collections.abc import Iterable

from tamizdat.letters.models import Issue, IssueItem, Newsletter


def already_sent(newsletter: Newsletter, language: str, articles: Iterable[int]) -> set[int]:
    """Return those of these articles that an issue carried which was sent, or is being sent."""
    rows = IssueItem.objects.filter(
        issue__newsletter=newsletter,
        issue__language=language,
        issue__state__in=(Issue.State.SENDING, Issue.State.SENT),
        included=True,
        article__in=list(articles),
    )
    return set(rows.values_list("article", flat=True))
