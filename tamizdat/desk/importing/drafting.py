"""Make of an old item what the desk would have written: a draft, with nothing written yet."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import unquote

from tamizdat.desk.forms.slugs import slug
from tamizdat.desk.importing import filing, picturing
from tamizdat.desk.importing.archive import Archive
from tamizdat.desk.importing.export.wxr import Item, Term
from tamizdat.desk.importing.html.html_blocks import pieces
from tamizdat.desk.importing.html.markup import plain
from tamizdat.desk.importing.html.pieces import Notes, Photo, Piece, joined
from tamizdat.desk.importing.html.texts import as_html, lines
from tamizdat.desk.importing.media_folder import MediaFolder
from tamizdat.desk.importing.picturing import Shown
from tamizdat.desk.published.values import Facts, Heading, Text

State = Literal["live", "scheduled", "draft"]
LONGEST_HEADLINE = 250
LONGEST_STANDFIRST = 600
LONGEST_SLUG = 120
_KEPT_SLUG = re.compile(r"[a-z0-9]+(?:[-_]+[a-z0-9]+)*")
_DRAFTED = {
    "draft": "",
    "private": "was private; carried as a draft, so that it does not become public",
    "pending": "waited for review; carried as a draft",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """An article or plain page as it is going to be. Links still lead to the old site."""

    key: str
    kind: str
    headline: str
    slug: str
    standfirst: str
    moment: datetime | None
    state: State
    author: str
    section: Term | None
    topics: tuple[Term, ...]
    lead: Shown | None
    body: tuple[Piece | Shown, ...]
    top_page: bool

    def fingerprint(self, linked: frozenset[str]) -> str:
        """Return what differs if anything of it does; `linked` are own pages it links to."""
        said = repr((self, sorted(linked)))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


class Drafter:
    """Makes drafts of one export's items. `at` is now: what is dated later is scheduled."""

    def __init__(self, archive: Archive, media: MediaFolder, at: datetime) -> None:
        self.archive = archive
        self.media = media
        self._at = at
        self._sections = filing.sections(archive.category_use, archive.terms)

    def draft(self, item: Item, notes: Notes) -> Draft:
        """Return the draft of a post or a page."""
        found = pieces(item.content, self.archive.site.address, notes)
        headline = self._headline(item, found, notes)
        body = joined_shown(self._shown(found, item, headline, notes))
        lead = self._lead(item, headline, notes)
        if lead and body and isinstance(body[0], Shown) and body[0].file == lead.file:
            lead, body = body[0], body[1:]
            notes.adjust("its first picture is the lead photo too; shown once")
        if item.kind == "page" and lead is not None:
            body = (lead, *body)
            lead = None
        filed = filing.file(item, self.archive.terms, self._sections)
        state = self._state(item, notes)
        return Draft(
            key=item.key,
            kind=item.kind,
            headline=headline,
            slug=_slug(item, headline),
            standfirst=_standfirst(item, notes),
            moment=item.written or (self._at if state == "live" else None),
            state=state,
            author=item.author,
            section=filed.section,
            topics=filed.topics,
            lead=lead,
            body=body,
            top_page=not item.parent,
        )

    def _headline(self, item: Item, found: tuple[Piece, ...], notes: Notes) -> str:
        title = plain(item.title)
        if not title:
            said = next((line for piece in found for line in lines(piece)), "Untitled")
            title = _cut(said, 70)
            notes.adjust("had no title; its first words stand for one")
        if len(title) > LONGEST_HEADLINE:
            notes.adjust(f"its headline was cut at {LONGEST_HEADLINE} letters")
        return _cut(title, LONGEST_HEADLINE)

    def _shown(
        self, found: tuple[Piece, ...], item: Item, headline: str, notes: Notes
    ) -> Iterator[Piece | Shown]:
        for piece in found:
            if isinstance(piece, Facts) and not piece.title:
                yield Text(piece.html)
            elif isinstance(piece, Heading) and len(piece.text) > LONGEST_HEADLINE:
                yield Text(as_html(piece))
            else:
                photos = picturing.photos(piece, item.number, self.archive, notes)
                if photos is None:
                    yield piece
                    continue
                for photo in photos:
                    yield from self._photo(photo, headline, notes)

    def _photo(self, photo: Photo, headline: str, notes: Notes) -> Iterator[Shown]:
        shown = picturing.shown(photo, self.archive, self.media, headline, notes)
        if shown:
            yield shown

    def _lead(self, item: Item, headline: str, notes: Notes) -> Shown | None:
        number = item.meta.get("_thumbnail_id", "")
        if not re.fullmatch(r"[1-9]\d{0,14}", number):
            return None
        attachment = self.archive.attachments.get(int(number))
        if attachment is None:
            notes.leave_out(f"featured picture {number}: it is not in the export")
            return None
        photo = Photo(attachment.address, attachment.number, "", "")
        return picturing.shown(photo, self.archive, self.media, headline, notes)

    def _state(self, item: Item, notes: Notes) -> State:
        if item.status in ("publish", "future"):
            if item.locked:
                notes.adjust("was behind a password; carried as a draft, so that it stays closed")
                return "draft"
            if item.written is None:
                notes.adjust("has no date; dated with the day of the import")
            return "scheduled" if item.written and item.written > self._at else "live"
        known = _DRAFTED.get(item.status)
        if known != "":
            notes.adjust(known or f"had the status “{item.status[:40]}”; carried as a draft")
        return "draft"


def joined_shown(found: Iterator[Piece | Shown]) -> tuple[Piece | Shown, ...]:
    """Return the pieces with texts made one where what stood between them is gone."""
    whole: list[Piece | Shown] = []
    for piece in found:
        last = whole[-1] if whole else None
        if isinstance(piece, Text) and isinstance(last, Text):
            whole[-1] = joined((last, piece))[0]
        else:
            whole.append(piece)
    return tuple(whole)


def label(item: Item) -> str:
    """Return what names an item in the report."""
    title = _cut(plain(item.title), 60)
    return " ".join(filter(None, (item.kind, str(item.number or ""), title and f"“{title}”")))


def _slug(item: Item, headline: str) -> str:
    """Return the old slug; one in another script than Latin is written in Latin letters."""
    old = unquote(item.slug).lower()
    if _KEPT_SLUG.fullmatch(old) and len(old) <= LONGEST_SLUG:
        return old
    return slug(old or headline, f"{item.kind}-{slug(item.key, 'one')}")


def _standfirst(item: Item, notes: Notes) -> str:
    text = plain(item.excerpt)
    if item.kind == "page" and text:
        notes.leave_out("excerpt: a plain page has none")
        return ""
    if len(text) > LONGEST_STANDFIRST:
        notes.adjust(f"its excerpt was cut at {LONGEST_STANDFIRST} letters")
    return _cut(text, LONGEST_STANDFIRST)


def _cut(text: str, most: int) -> str:
    """Return at most so many letters of a text, ended between words."""
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0]}…"
