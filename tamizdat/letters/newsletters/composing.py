"""An issue as it reads: its items looked up, both halves of the letter written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from tamizdat.desk import published
from tamizdat.desk.published import Article, Card
from tamizdat.letters.content import blocks, unsubscribe_link
from tamizdat.letters.content.html_to_text import text_of, wrapped
from tamizdat.letters.content.writing import Written, write
from tamizdat.letters.models import Issue, IssueItem
from tamizdat.letters.newsletters.schedule import local_day
from tamizdat.lib import paths
from tamizdat.lib.newsroom import Newsroom


@dataclass(frozen=True, slots=True)
class Item:
    """One article as the letter shows it. `html` and `text` are its body where it is in full."""

    href: str
    kicker: str
    headline: str
    intro: str
    names: tuple[str, ...]
    html: Markup
    text: str


def write_issue(
    newsroom: Newsroom, issue: Issue, day: date, leave: str = unsubscribe_link.SHOWN
) -> Written:
    """Return the issue as all readers get it, with the link by which one leaves.

    What was unpublished since it was composed is left out.
    """
    edition = newsroom.addresses.edition
    own_page = paths.newsletter(issue.language, issue.newsletter.code, day.isoformat())
    words = issue.newsletter.texts.filter(language=issue.language).first()
    return write(
        "issue",
        issue.language,
        subject=issue.subject,
        newsletter=words.name if words else issue.newsletter.code,
        frequency=words.frequency if words else "",
        greeting=paragraphs(issue.greeting),
        greeting_text=wrapped(issue.greeting),
        signoff=paragraphs(issue.signoff),
        signoff_text=wrapped(issue.signoff),
        items=items(newsroom, list(issue.carried)),
        leave_href=leave,
        page_href=f"{edition}/{own_page}",
        front_href=f"{edition}/{paths.front(issue.language)}",
    )


def letter_digest(newsroom: Newsroom, issue: Issue) -> str:
    """Return a digest of the letter as it reads now, on whichever day it is sent."""
    return write_issue(newsroom, issue, issue.until.date()).digest


def as_it_reads(newsroom: Newsroom, issue: Issue, at: datetime) -> Written:
    """Return the issue as it was sent, or as it would be if it were sent now."""
    if issue.html:
        frozen = Written(issue.letter_subject, issue.text, issue.html)
        return unsubscribe_link.put_in(frozen, issue.leave_stand_in, unsubscribe_link.SHOWN)
    return write_issue(newsroom, issue, local_day(newsroom, at))


def items(newsroom: Newsroom, rows: Sequence[IssueItem]) -> list[Item]:
    """Return the articles of an issue that are published, in its order."""
    cards = published.cards(row.article for row in rows)
    return [_item(newsroom, row, cards[row.article]) for row in rows if row.article in cards]


@dataclass(frozen=True, slots=True)
class PageItem:
    """One article as the issue's page shows it. The press resolves the link "article:12"."""

    article: int
    kicker: str
    headline: str
    intro: str
    names: tuple[str, ...]


def page_items(rows: Sequence[IssueItem]) -> list[PageItem]:
    """Return the articles of a sent issue that are still published, in its order."""
    cards = published.cards(row.article for row in rows)
    found = [(row, cards[row.article]) for row in rows if row.article in cards]
    return [
        PageItem(card.id, _kicker(card), card.headline, row.intro or card.standfirst, card.names)
        for row, card in found
    ]


def paragraphs(text: str) -> list[str]:
    """Return a typed text's paragraphs."""
    return [part.strip() for part in text.replace("\r", "").split("\n\n") if part.strip()]


def _item(newsroom: Newsroom, row: IssueItem, card: Card) -> Item:
    whole = published.article(card.id) if row.form == IssueItem.Form.FULL else None
    html = _body(newsroom, whole) if whole else ""
    return Item(
        href=f"{newsroom.addresses.edition}/{card.path}",
        kicker=_kicker(card),
        headline=card.headline,
        intro=row.intro or card.standfirst,
        names=card.names,
        html=Markup(html),  # noqa: S704  the desk cleaned it, and blocks escapes the rest
        text=text_of(html),
    )


def _kicker(card: Card) -> str:
    return card.kicker or (card.section.name if card.section else "")


def _body(newsroom: Newsroom, whole: Article) -> str:
    def link(target: str) -> str:
        kind, _, number = target.partition(":")
        found: Any = published.card(int(number)) if kind == "article" else None
        return f"{newsroom.addresses.edition}/{found.path}" if found else ""

    return "\n".join(blocks.html_of(block, link) for block in whole.body)
