"""The articles that an issue may carry, as its form lists them."""

from datetime import datetime, timedelta
from typing import Any

from tamizdat.desk import published
from tamizdat.letters.models import Issue
from tamizdat.letters.newsletters.already_sent import already_sent

LATELY = timedelta(days=31)
IN, SINCE, OLDER = "in", "since", "older"  # the groups of the list


def of_issue(issue: Issue, at: datetime) -> list[dict[str, Any]]:
    """Return the articles of the issue in its order, then others of the last month.

    What was published before the last issue, or carried by an earlier one, comes last: readers may
    have had it. An article of the issue that is not published now stands among its others, without
    a card.
    """
    rows = list(issue.items.order_by("-included", "order", "id"))
    cards = published.cards(row.article for row in rows)
    others = published.between(issue.language, at - LATELY, at)
    had = already_sent(issue.newsletter, issue.language, [card.id for card in others])
    return [
        _row(
            row.article,
            cards.get(row.article),
            place if row.included else None,
            IN,
            form=row.form,
            intro=row.intro,
            included=row.included,
        )
        for place, row in enumerate(rows, 1)
    ] + [
        _row(
            card.id,
            card,
            None,
            SINCE if card.published >= issue.since and card.id not in had else OLDER,
            form="teaser",
        )
        for card in others
        if card.id not in cards
    ]


def _row(
    article: int, card: published.Card | None, place: int | None, group: str, **more: Any
) -> dict[str, Any]:
    return {"article": article, "order": place, "card": card, "group": group, **more}
