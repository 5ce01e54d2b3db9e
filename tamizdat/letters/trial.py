"""A trial of an issue: one letter to an address that somebody at the desk typed, kept nowhere."""

from uuid import UUID, uuid4

from tamizdat.letters import assembling, leaving
from tamizdat.letters.models import Letter
from tamizdat.lib.newsroom import Newsroom

KIND = "trial"


def about(issue: int) -> str:
    """Return what a trial is about: each is another, so that one can be sent again."""
    return f"{issue}:{uuid4().hex}"


def leave(newsroom: Newsroom, language: str, about: str) -> str:
    """Return a link that looks like a reader's and ends nobody's subscription.

    It is always the same of one trial: its text and its headers are made at different times.
    """
    return leaving.href(newsroom, language, UUID(about.rpartition(":")[2]))


def headers(newsroom: Newsroom, letter: Letter) -> dict[str, str]:
    """Return the headers that readers will get too, so that a mail program shows its button."""
    assert letter.issue is not None
    link = leave(newsroom, letter.language, letter.about)
    return assembling.issue_headers(newsroom, letter.issue, link)
