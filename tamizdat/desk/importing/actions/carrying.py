"""Carry an export's items, one after the other, and keep account of each."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from wagtail.models import Locale

from tamizdat.desk.importing import linking, picturing
from tamizdat.desk.importing.actions.pages import Page, Pages, is_touched
from tamizdat.desk.importing.actions.pictures import PictureShelf
from tamizdat.desk.importing.actions.words import Words
from tamizdat.desk.importing.addresses import host, same_page
from tamizdat.desk.importing.archive import CARRIED_KINDS, NEVER_SAVED, Attachment, attachment_of
from tamizdat.desk.importing.drafting import Draft, Drafter, label
from tamizdat.desk.importing.export.wxr import Item, Site, login_key
from tamizdat.desk.importing.html.pieces import Notes
from tamizdat.desk.importing.ledger import Ledger, Target
from tamizdat.desk.importing.report import Outcome, Remark, Report
from tamizdat.desk.models import ArticlePage, ImportedItem, PlainPage
from tamizdat.lib.pictures import PictureError

MOST_IN_FOOTER = 8
_MENUS = "menus are not carried: the masthead shows the sections"
NOT_CARRIED = {
    "nav_menu_item": _MENUS,
    "wp_navigation": _MENUS,
    "revision": "earlier versions are not carried",
    "wp_block": "reusable blocks are not carried",
    "custom_css": "styles are not carried",
    "wp_global_styles": "styles are not carried",
}


class Carrier:
    """Carries what belongs to one old site into one language."""

    def __init__(self, drafter: Drafter, ledger: Ledger, shelf: PictureShelf) -> None:
        self._archive = drafter.archive
        self._drafter = drafter
        self._ledger = ledger
        self._shelf = shelf
        language = language_of(self._archive.site)
        locale = Locale.objects.get(language_code=language)
        words = Words(ledger, self._archive, locale)
        self._pages = Pages(locale, words, shelf, self._page_at)
        self._waiting: list[ImportedItem] = []  # their links lead to pages that come later
        site = self._archive.site
        self.report = Report(source=site.address, title=site.title, language=language)

    def take(self, item: Item) -> None:
        """Carry one item, or say why not."""
        if item.comments:
            self.report.count("comment", "left_out", item.comments)
            self.report.remark(label(item), [f"{item.comments} comments: not carried"], [])
        if item.status in NEVER_SAVED:
            self.report.leave_out(item.kind, label(item), NEVER_SAVED[item.status])
        elif item.kind == "attachment":
            self._take_attachment(item)
        elif item.kind not in CARRIED_KINDS:
            why = NOT_CARRIED.get(
                item.kind, f"items of the kind “{item.kind[:40]}” are not carried"
            )
            self.report.leave_out(item.kind, label(item), why)
        elif self._ledger.is_new(item.kind, item.key):
            why = "another item of this export has the same number"
            self.report.leave_out(item.kind, label(item), why)
        else:
            self._take_page(item)

    def finish(self) -> None:
        """Lead the last links, and account for what items only mention."""
        for row in self._waiting:
            page = self._pages.relink(Target.parse(row.target).id)
            self._ledger.enter_page(row, page, row.fingerprint, row.old_address)
        self._account_for_words()
        for name, items in sorted(self._archive.own_fields.items()):
            why = f"custom field of {items} items: not carried"
            self.report.left_out.append(Remark(f"“{name[:60]}”", why))
        if self._shelf.credited:
            why = "the export names no maker: the old site's name stands as credit"
            self.report.adjusted.append(Remark(f"{self._shelf.credited} pictures", why))

    def _take_attachment(self, item: Item) -> None:
        attachment = attachment_of(item)
        media = self._drafter.media
        file = media.find(attachment.address)
        if not picturing.is_picture(attachment):
            why = "sound, film and documents are not carried yet"
        elif file is None:
            why = picturing.missing(media)
        else:
            why = self._take_picture(file, attachment)
        if why:
            self.report.leave_out("attachment", label(item), why)
        else:
            new = self._ledger.is_new("attachment", item.key)
            self.report.count("attachment", "carried" if new else "already_there")

    def _take_picture(self, file: Path, attachment: Attachment) -> str:
        try:
            self._shelf.take(file, attachment.key, attachment.title)
        except PictureError as error:
            return str(error)
        return ""

    def _take_page(self, item: Item) -> None:
        notes = Notes()
        draft = self._drafter.draft(item, notes)
        _note_what_else(item, notes)
        self._note_old_links(draft, notes)
        self.report.count(item.kind, self._write(item, draft, notes))
        self.report.remark(label(item), notes.left_out, notes.adjusted)

    def _write(self, item: Item, draft: Draft, notes: Notes) -> Outcome:
        row = self._ledger.find(item.kind, item.key)
        fingerprint = draft.fingerprint(self._linked(draft))
        if row is None:
            in_footer = draft.top_page and self._archive.top_pages <= MOST_IN_FOOTER
            page = self._pages.make(draft, notes, in_footer=in_footer)
            kind = "plain" if item.kind == "page" else "article"
            row = self._ledger.enter(item.kind, item.key, Target(kind, page.pk))
            outcome: Outcome = "carried"
        else:
            kept = _find(row)
            if kept is None or row.fingerprint == fingerprint or is_touched(kept, row):
                self._note_why_kept(kept, row, fingerprint, notes)
                return "already_there"
            page = kept
            self._pages.update(page, draft, notes)
            outcome = "updated"
        self._ledger.enter_page(row, page, fingerprint, item.address)
        if any(self._comes_later(address) for address in linking.addresses(draft.body)):
            self._waiting.append(row)
        return outcome

    def _note_why_kept(
        self, page: Page | None, row: ImportedItem, fingerprint: str, notes: Notes
    ) -> None:
        if page is None:
            notes.adjust("the desk has deleted it since; not carried again")
        elif row.fingerprint != fingerprint:
            notes.adjust("differs now, but the desk has worked on it since; left as it is")

    def _note_old_links(self, draft: Draft, notes: Notes) -> None:
        home = host(self._archive.site.address)
        for address in linking.addresses(draft.body):
            known = self._page_at(address) is not None or self._comes_later(address)
            if home and host(address) == home and not known:
                notes.adjust(f"a link to {address}: still leads to the old site")

    def _page_at(self, address: str) -> int | None:
        """Return the page that became of an old address, None if there is none yet."""
        name = self._archive.name_at(address)
        return self._ledger.target(*name) if name else self._ledger.page_at(same_page(address))

    def _comes_later(self, address: str) -> bool:
        name = self._archive.name_at(address)
        return name is not None and self._ledger.find(*name) is None

    def _linked(self, draft: Draft) -> frozenset[str]:
        """Return what names the own pages that a draft links to, come they now or later."""
        found = set()
        for address in linking.addresses(draft.body):
            if self._archive.name_at(address) or self._ledger.page_at(same_page(address)):
                found.add(same_page(address))
        return frozenset(found)

    def _account_for_words(self) -> None:
        for kind, slug in self._archive.terms:
            if kind in ("category", "tag"):
                names = [(kind, slug), *([("section", slug)] if kind == "category" else [])]
                self._account(kind, f"{kind} {slug}", names)
        for login, author in self._archive.authors.items():
            self._account("author", f"author “{author.name}”", [("author", login_key(login))])

    def _account(self, kind: str, item: str, names: Iterable[tuple[str, str]]) -> None:
        known = [name for name in names if self._ledger.find(*name)]
        if any(self._ledger.is_new(*name) for name in known):
            self.report.count(kind, "carried")
        elif known:
            self.report.count(kind, "already_there")
        else:
            self.report.leave_out(kind, item, "nothing that was carried needs it")


def language_of(site: Site) -> str:
    """Return the newsroom's language that the old site was written in, else its first one."""
    said = site.language.lower().replace("_", "-").partition("-")[0]
    languages: tuple[str, ...] = settings.NEWSROOM.languages
    return said if said in languages else languages[0]


def _find(row: ImportedItem) -> Page | None:
    number = Target.parse(row.target).id
    model = PlainPage if row.kind == "page" else ArticlePage
    found: Page | None = model.objects.filter(pk=number).first()
    return found


def _note_what_else(item: Item, notes: Notes) -> None:
    """Note what an item said that has no place here."""
    if item.sticky:
        notes.adjust("was stuck to the front page; give it a place there at the desk")
    if item.kind == "page" and item.parent:
        notes.adjust("stood under another page; plain pages stand side by side")
    for term in item.terms:
        if term.kind not in ("category", "tag", "post_format"):
            notes.leave_out(
                f"filed under “{term.name}” ({term.kind}): only categories and tags are"
            )
