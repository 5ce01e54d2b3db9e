"""One answer of the doctor."""

from collections.abc import Collection
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at and what it is like.

    Where something is wrong, `why` says what is known of the cause and `do` what to do about it.
    `about` names the state where `what` holds a number that changes while the state lasts.
    `question` is what was asked; one that is asked of several things says of which behind a colon.
    Where it was answered only `partly`, what was wrong before may go on unseen.
    """

    well: bool
    what: str
    do: str = ""
    why: str = ""
    about: str = ""
    question: str = ""
    partly: bool = False


def good(what: str) -> Finding:
    """Return an answer with which nobody has anything to do."""
    return Finding(well=True, what=what)


def wrong(what: str, do: str, why: str = "", about: str = "") -> Finding:
    """Return an answer with which somebody has something to do."""
    return Finding(well=False, what=what, do=do, why=why, about=about)


def unseen(what: str) -> Finding:
    """Return that something could not be looked at. What to do about it another finding says."""
    return Finding(well=True, what=what, partly=True)


def of(question: str, thing: str, finding: Finding) -> Finding:
    """Return a finding as the answer about one of the things of which a question is asked."""
    return replace(finding, question=f"{question}: {thing}")


def is_open(question: str, unanswered: Collection[str]) -> bool:
    """Say whether a question, or the one of which it is a part, is among the unanswered ones."""
    return question in unanswered or question.partition(": ")[0] in unanswered
