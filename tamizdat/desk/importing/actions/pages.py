"""Write drafts as articles and plain pages, or bring older imports of them up to date."""

from collections.abc import Callable, Mapping
from typing import Any

from wagtail.models import Locale
from wagtail.models import Page as PagesByNumber

from tamizdat.desk import writing
from tamizdat.desk.actions.articles import bring_in, bring_in_plain, publish
from tamizdat.desk.importing.actions.pictures import PictureShelf
from tamizdat.desk.importing.actions.words import Words
from tamizdat.desk.importing.drafting import Draft
from tamizdat.desk.importing.html.pieces import Notes
from tamizdat.desk.importing.linking import Resolve, relink
from tamizdat.desk.importing.picturing import Shown
from tamizdat.desk.models import ArticlePage, Byline, ImportedItem, PlainPage
from tamizdat.desk.models.plain import RESERVED
from tamizdat.desk.published.values import Embed, Facts, Heading, Items, Quote, Table, Text
from tamizdat.lib.pictures import PictureError

Page = ArticlePage | PlainPage


class Pages:
    """Writes the pages of one old site in one language."""

    def __init__(self, locale: Locale, words: Words, shelf: PictureShelf, resolve: Resolve) -> None:
        self._locale = locale
        self._words = words
        self._shelf = shelf
        self._resolve = resolve

    def make(self, draft: Draft, notes: Notes, *, in_footer: bool) -> Page:
        """Write a new page; it is public if the draft says so."""
        published = draft.moment if draft.state == "live" else None
        language = self._locale.language_code
        page: Page
        if draft.kind == "page":
            page = PlainPage(slug=_free_of_reserved(draft.slug), in_footer=in_footer)
            self._fill(page, draft, notes)
            page = bring_in_plain(page, language, published=published)
        else:
            page = ArticlePage(slug=draft.slug, imported=True)
            self._fill(page, draft, notes)
            page = bring_in(page, language, published=published)
        if draft.state == "scheduled":
            publish(page)
        if page.slug != draft.slug:
            notes.adjust(f"its slug was taken; it became “{page.slug}”")
        return page

    def update(self, page: Page, draft: Draft, notes: Notes) -> None:
        """Write a page anew that nobody has touched since it was imported."""
        page.first_published_at = page.first_published_at or draft.moment
        self._fill(page, draft, notes)
        if draft.state == "draft":
            page.save_revision()
            return
        publish(page)
        if page.live:
            type(page).objects.filter(pk=page.pk).update(last_published_at=draft.moment)

    def relink(self, number: int) -> Page:
        """Lead a page's links to pages that came after it."""
        page: Page = PagesByNumber.objects.get(pk=number).specific
        page.body = relink(list(page.body.raw_data), self._resolve)
        if page.go_live_at and not page.live:
            publish(page)
        elif page.latest_revision_id:
            page.save_revision().publish() if page.live else page.save_revision()
        else:
            page.save()
        return page

    def _fill(self, page: Page, draft: Draft, notes: Notes) -> None:
        page.title = draft.headline
        page.locale = self._locale
        page.go_live_at = draft.moment if draft.state == "scheduled" else None
        body = [raw for piece in draft.body if (raw := self._raw(piece, notes))]
        page.body = relink(body, self._resolve)
        if isinstance(page, ArticlePage):
            self._fill_article(page, draft, notes)

    def _fill_article(self, page: ArticlePage, draft: Draft, notes: Notes) -> None:
        page.standfirst = draft.standfirst
        page.section = self._words.section(draft.section)
        page.topics = [topic for term in draft.topics if (topic := self._words.topic(term))]
        person = self._words.person(draft.author)
        page.bylines = [Byline(person=person)] if person else []
        lead = self._picture(draft.lead, notes) if draft.lead else None
        page.lead_picture_id = lead
        page.lead_caption = draft.lead.caption if draft.lead and lead else ""
        page.lead_alt = draft.lead.alt if draft.lead and lead else ""

    def _picture(self, shown: Shown, notes: Notes) -> int | None:
        try:
            return self._shelf.take(shown.file, shown.key, shown.title)
        except PictureError as error:
            notes.leave_out(f"picture {shown.file.name}: {error}")
            return None

    def _raw(self, piece: Any, notes: Notes) -> writing.Raw | None:
        if isinstance(piece, Shown):
            number = self._picture(piece, notes)
            return writing.picture(number, piece.caption, piece.alt) if number else None
        return _WRITTEN[type(piece)](piece)


_WRITTEN: Mapping[type, Callable[[Any], writing.Raw]] = {
    Text: lambda piece: writing.text(piece.html),
    Heading: lambda piece: writing.heading(piece.text),
    Quote: lambda piece: writing.quote(piece.text, piece.attribution),
    Items: lambda piece: writing.items(piece.items, ordered=piece.ordered),
    Facts: lambda piece: writing.facts(piece.title, piece.html),
    Table: lambda piece: writing.table(
        piece.caption, piece.header or ("",) * len(piece.rows[0]), piece.rows
    ),
    Embed: lambda piece: writing.embed(piece.address, piece.title, piece.provider),
}


def is_touched(page: Page, row: ImportedItem) -> bool:
    """Return whether somebody at the desk worked on a page since it was imported."""
    return bool(page.latest_revision_id != row.revision or page.live != row.was_live)


def _free_of_reserved(slug: str) -> str:
    return f"{slug}-page" if slug in RESERVED else slug
