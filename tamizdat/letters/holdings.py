"""What letters hold about a reader, and how they forget it."""

from typing import TYPE_CHECKING, Any

from tamizdat.readers import contract

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tamizdat.letters.models import Letter
    from tamizdat.readers.models import Reader


def register_holdings() -> None:
    """Answer for every model of this app."""
    contract.holds("letters.Letter", _letters, _forget_letters)
    contract.holds_nothing("letters.Newsletter", "the newsroom's own words")
    contract.holds_nothing("letters.NewsletterText", "the newsroom's own words")
    contract.holds_nothing("letters.Issue", "what went to all alike, and sums")
    contract.holds_nothing("letters.IssueItem", "what went to all alike")


def _of(reader: "Reader") -> "QuerySet[Letter]":
    from tamizdat.letters.models import Letter

    return Letter.objects.filter(subscription__in=reader.subscriptions.values("key"))


def _letters(reader: "Reader") -> list[dict[str, Any]]:
    rows = _of(reader).values("kind", "language", "state", "queued_at", "issue__subject")
    return [dict(row) for row in rows]


def _forget_letters(reader: "Reader") -> int:
    return _of(reader).delete()[0]
