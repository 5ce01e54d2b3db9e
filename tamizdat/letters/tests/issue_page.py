"""The page of an issue at the desk, as an editor uses it."""

import re

from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Issue
from tamizdat.letters.newsletters import drafting
from tamizdat.lib import clock


def composed(editor, friday):
    answer = editor.post("/desk/letters/compose/", {"what": f"{friday.pk}:en"})
    return Issue.objects.get(), answer


def filled_in(issue, **changes):
    """What the form of an issue sends: its articles as they are, and what is changed."""
    rows = list(issue.items.all())
    form = {
        "draft_digest": drafting.draft_digest(issue),
        "subject": issue.subject, "greeting": "Good evening.", "signoff": "",
        "item-TOTAL_FORMS": len(rows), "item-INITIAL_FORMS": len(rows),
    }  # fmt: skip
    for n, row in enumerate(rows):
        form |= {f"item-{n}-article": row.article, f"item-{n}-included": "on",
                 f"item-{n}-order": len(rows) - n, f"item-{n}-form": "teaser"}  # fmt: skip
    return form | changes


def page_of(editor, issue):
    return editor.get(f"/desk/letters/{issue.pk}/").content.decode()


def try_out(editor, issue):
    """Send a test, and hand it over."""
    editor.post(f"/desk/letters/{issue.pk}/try/", {"address": "desk@example.org"})
    deliver_due(clock.now())


def approve(editor, issue):
    """Press Approve on the page as it reads now."""
    page = page_of(editor, issue)
    seen = re.search(r'name="letter_digest" value="(\w+)"', page)[1]
    return editor.post(f"/desk/letters/{issue.pk}/approve/", {"letter_digest": seen}, follow=True)
