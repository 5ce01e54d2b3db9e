"""What letters hold about a reader, and how they forget it."""

from typing import TYPE_CHECKING, Any

from tamizdat.readers.privacy import contract
from tamizdat.readers.privacy.contract import OURS, RANDOM, Fate, plain, sealed, time

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
    _register_fates()


def _register_fates() -> None:
    ours = {
        "letters.Newsletter": ("id", "code", "weekday", "offered"),
        "letters.NewsletterText": ("id", "newsletter", "language", "name", "about", "frequency"),
        "letters.Issue": (
            *("id", "newsletter", "language", "state", "subject", "greeting", "signoff", "since"),
            *(
                "until",
                "day",
                "letter_subject",
                "text",
                "html",
                "leave_stand_in",
                "tested_digest",
                "approved_digest",
                "frozen",
                "totals",
            ),
        ),
        "letters.IssueItem": ("id", "issue", "article", "order", "included", "form", "intro"),
    }
    for model, names in ours.items():
        contract.fields(model, dict.fromkeys(names, OURS))
    working = ("state", "language", "template", "attempts", "doubts", "taken_by", "code", "issue")
    contract.fields(
        "letters.Letter",
        {
            **dict.fromkeys(working, OURS),
            "id": Fate("random", "logs of letters that fail"),
            "kind": plain("what kind of letter, until it is done with"),
            "about": Fate("random", "of a confirmation the sign-up, until it is done with"),
            "context": OURS,
            "sealed": sealed("reader"),
            "copy": RANDOM,
            "subscription": Fate("random", "the subscription, until the issue is sent"),
            "message_id": Fate(
                "random", "the relay's log, from the first try to the last, 48 hours"
            ),
            "queued_at": time("day"),
            "due_at": time("minute"),  # after the first hour of tries the hour, done with the day
            "taken_at": time("moment"),
        },
    )


def _of(reader: "Reader") -> "QuerySet[Letter]":
    from tamizdat.letters.models import Letter

    return Letter.objects.filter(subscription__in=reader.subscriptions.values("key"))


def _letters(reader: "Reader") -> list[dict[str, Any]]:
    rows = _of(reader).values("kind", "language", "state", "queued_at", "issue__subject")
    return [dict(row) for row in rows]


def _forget_letters(reader: "Reader") -> int:
    return _of(reader).delete()[0]
