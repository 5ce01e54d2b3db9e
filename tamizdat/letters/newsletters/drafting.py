"""What an editor writes of an issue, and whether two versions of it say the same."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tamizdat.letters.models import Issue, IssueItem

LONGEST_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Choice:
    """One article of an issue, as an editor chose it."""

    article: int
    form: str = IssueItem.Form.TEASER
    intro: str = ""
    included: bool = True  # else it does not go out, and keeps its introduction


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor writes: everything of an issue that is not made by us."""

    subject: str
    greeting: str = ""
    signoff: str = ""
    choices: Sequence[Choice] = ()

    @property
    def digest(self) -> str:
        """A digest of all of it: 64 hexadecimal digits of SHA-256."""
        rows = [[each.article, each.form, each.intro, each.included] for each in self.choices]
        whole = [self.subject, self.greeting, self.signoff, *rows]
        return hashlib.sha256(json.dumps(whole).encode()).hexdigest()


def tidy(draft: Draft) -> Draft:
    """Return a draft as it is kept: trimmed, and each article once, where it came first."""
    first = {each.article: each for each in reversed(draft.choices)}
    kept = [each for each in draft.choices if first[each.article] is each]
    return Draft(
        subject=" ".join(draft.subject.split())[:LONGEST_SUBJECT],
        greeting=_trimmed(draft.greeting),
        signoff=_trimmed(draft.signoff),
        choices=[each for each in map(_tidy_choice, kept) if each.included or each.intro],
    )


def _tidy_choice(choice: Choice) -> Choice:
    return replace(choice, intro=_trimmed(choice.intro))


def draft_of(issue: Issue) -> Draft:
    """Return what editors wrote of an issue."""
    rows = issue.items.values_list("article", "form", "intro", "included")
    choices = [Choice(*row) for row in rows]
    return Draft(issue.subject, issue.greeting, issue.signoff, choices)


def draft_digest(issue: Issue) -> str:
    """Return a digest of what editors wrote of an issue."""
    return draft_of(issue).digest


def stage(issue: Issue, letter_digest: str) -> Issue.State:
    """Return how far an issue has come with the letter that it makes now.

    An article may have changed since it was tested or approved: then it is a draft once more, or
    only tested.
    """
    state = Issue.State(issue.state)
    if state == Issue.State.APPROVED and issue.approved_digest == letter_digest:
        return state
    if state not in (Issue.State.TESTED, Issue.State.APPROVED):
        return state
    return Issue.State.TESTED if issue.tested_digest == letter_digest else Issue.State.DRAFT


def _trimmed(text: str) -> str:
    """Return a typed text with the line ends that we keep: a form sends others."""
    return text.replace("\r\n", "\n").strip()
