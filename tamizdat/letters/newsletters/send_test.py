"""A trial of an issue: one letter to an address that somebody at the desk typed, kept nowhere.

An issue is tested when a trial of the letter that it makes was handed over: somebody can read it.
"""

from typing import Any
from uuid import UUID, uuid4

from tamizdat.letters import outbox
from tamizdat.letters.content import mime_message, unsubscribe_link
from tamizdat.letters.content.writing import Written
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.newsletters.drafting import draft_digest, stage
from tamizdat.lib.newsroom import Newsroom

KIND = "trial"
State = Letter.State
UNFINISHED = (State.QUEUED, State.DEFERRED, State.TAKEN, State.LEAVING)
WAITS = "The test waits: it has not been handed over yet."
CHANGED = "It reads otherwise than what was tested. Send yourself another test."
FAILED = {
    State.REFUSED: "The relay refused the last test. See that its address is right, and send one.",
    State.IN_DOUBT: "It is not known whether the last test arrived. If it did not, send one.",
}


def about(issue: int) -> str:
    """Return what a trial is about: each is another, so that one can be sent again."""
    return f"{issue}:{uuid4().hex}"


def context(issue: Issue, words: Written, letter_digest: str) -> dict[str, Any]:
    """Return what a trial's row keeps: the letter as it reads, and of which one it is a test."""
    letter = {"subject": words.subject, "text": words.text, "html": words.html}
    return {**letter, "draft_digest": draft_digest(issue), "letter_digest": letter_digest}


def written(letter: Letter) -> Written:
    """Return a trial's letter as it was queued."""
    kept = letter.context
    return Written(kept["subject"], kept["text"], kept["html"])


def register_with_outbox() -> None:
    """Have the outbox say when a trial was handed over."""
    outbox.on_handed_over(KIND, handed_over)


def handed_over(letter: Letter) -> None:
    """Note which letter of an issue was tested, if this was a trial of the words that it has now.

    It is called in the transaction that notes the letter, and writes no letter anew: whether the
    issue still makes that letter is asked where it is shown and approved (`drafting.stage`). An
    issue that is approved, or being sent, stays so.
    """
    if letter.issue_id is None:
        return
    issues = Issue.objects.select_for_update()
    issue = issues.filter(pk=letter.issue_id).first()
    if issue is not None and draft_digest(issue) == letter.context.get("draft_digest"):
        is_draft = issue.state == Issue.State.DRAFT
        Issue.objects.filter(pk=issue.pk).update(
            state=Issue.State.TESTED if is_draft else issue.state,
            tested_digest=letter.context.get("letter_digest", ""),
        )


def waiting(issue: Issue) -> list[Letter]:
    """Return the trials of an issue that are not done with, of whichever words."""
    return list(Letter.objects.filter(issue=issue, kind=KIND, state__in=UNFINISHED))


def said_of(issue: Issue, letter_digest: str) -> str:
    """Return a sentence about a test that leaves an issue untested; "" if there is none.

    `letter_digest` is of the letter that it makes now.

    A row that is done with does not know any more that it was a trial: of an issue that nobody
    sends yet there are no others.
    """
    if stage(issue, letter_digest) != Issue.State.DRAFT:
        return ""
    if any(each.context.get("letter_digest") == letter_digest for each in waiting(issue)):
        return WAITS
    if issue.state != Issue.State.DRAFT:
        return CHANGED
    became = set(Letter.objects.filter(issue=issue).values_list("state", flat=True))
    return next((said for state, said in FAILED.items() if state in became), "")


def leave(newsroom: Newsroom, language: str, about: str) -> str:
    """Return a link that looks like a reader's and ends nobody's subscription.

    It is always the same of one trial: its text and its headers are made at different times.
    """
    return unsubscribe_link.href(newsroom, language, UUID(about.rpartition(":")[2]))


def headers(newsroom: Newsroom, letter: Letter) -> dict[str, str]:
    """Return the headers that readers will get too, so that a mail program shows its button."""
    assert letter.issue is not None
    link = leave(newsroom, letter.language, letter.about)
    return mime_message.issue_headers(newsroom, letter.issue, link)
