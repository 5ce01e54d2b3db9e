"""What an export holds, seen once from beginning to end before anything is written.

Posts name pictures, categories and each other by numbers and addresses that may come later
in the file, so these are gathered first; the texts themselves are not kept.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from tamizdat.desk.importing import filing
from tamizdat.desk.importing.addresses import host, same_page
from tamizdat.desk.importing.export.wxr import Author, Item, Site, Term
from tamizdat.desk.importing.html.markup import plain

CARRIED_KINDS = ("post", "page")
NEVER_SAVED = {"trash": "it lay in the bin", "auto-draft": "it was never saved"}

ItemName = tuple[str, str]  # kind and key


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the old site, with what its library said about it."""

    number: int
    key: str
    title: str
    address: str  # of the file itself
    caption: str
    alt: str
    parent: int


@dataclass(slots=True)
class Archive:
    """The index of an export."""

    site: Site = field(default_factory=Site)
    authors: dict[str, Author] = field(default_factory=dict)
    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    attachments: dict[int, Attachment] = field(default_factory=dict)
    pages: dict[str, ItemName] = field(default_factory=dict)  # by address without scheme
    slugs: dict[str, ItemName | None] = field(default_factory=dict)  # None: several have it
    top_pages: int = 0
    logins: set[str] = field(default_factory=set)  # of those who wrote articles
    category_use: Counter[str] = field(default_factory=Counter)  # by slug: articles filed in it
    own_fields: Counter[str] = field(default_factory=Counter)
    items: int = 0

    def name_at(self, address: str) -> ItemName | None:
        """Return the item that stood at an address of the old site.

        Sites changed the form of their addresses and left old links to a redirect, so that the
        last word of an address decides where no item has the whole.
        """
        place = same_page(address)
        if found := self.pages.get(place):
            return found
        if host(address) != host(self.site.address) or "/" not in place:
            return None
        return self.slugs.get(place.rsplit("/", 1)[1])

    def attached_to(self, number: int) -> list[Attachment]:
        """Return what hangs on a post, in the order of its numbers."""
        hanging = (found for found in self.attachments.values() if found.parent == number)
        return sorted(hanging, key=lambda found: found.number)


def survey(told: Iterable[Site | Author | Term | Item]) -> Archive:
    """Return the index of what an export tells."""
    archive = Archive()
    for value in told:
        match value:
            case Site():
                archive.site = value
            case Author(login):
                archive.authors.setdefault(login, value)
            case Term(kind, slug):
                archive.terms.setdefault((kind, slug), value)
            case Item():
                _take_item(archive, value)
    _name_by_number(archive)
    for login in archive.logins - archive.authors.keys():
        archive.authors[login] = Author(login, login.partition("@")[0])
    return archive


def _take_item(archive: Archive, item: Item) -> None:
    archive.items += 1
    archive.own_fields.update(set(item.own_fields))
    if item.kind == "attachment":
        archive.attachments[item.number] = attachment_of(item)
    elif item.kind in CARRIED_KINDS and item.status not in NEVER_SAVED:
        _take_page(archive, item)


def _take_page(archive: Archive, item: Item) -> None:
    name = (item.kind, item.key)
    for address in (item.address, item.guid):
        if place := same_page(address):
            archive.pages.setdefault(place, name)
    if old := unquote(item.slug).lower():
        archive.slugs[old] = None if old in archive.slugs else name
    if item.kind == "post" and item.author:
        archive.logins.add(item.author)
    archive.top_pages += item.kind == "page" and item.status == "publish" and not item.parent
    for term in filing.terms_of(item):
        archive.terms.setdefault((term.kind, term.slug), term)
    if primary := filing.primary(item, archive.terms.values()):
        archive.category_use[primary] += 1


def attachment_of(item: Item) -> Attachment:
    """Return what the library said about a file."""
    return Attachment(
        number=item.number,
        key=item.key,
        title=plain(item.title),
        address=item.file_address or item.guid,
        caption=plain(item.excerpt),
        alt=item.meta.get("_wp_attachment_image_alt", ""),
        parent=item.parent,
    )


def _name_by_number(archive: Archive) -> None:
    """Let every page be found as `/?p=12` too; the site's own front page is none of them."""
    home = same_page(archive.site.address)
    for name in set(archive.pages.values()):
        archive.pages.setdefault(f"{home}?p={name[1]}", name)
        archive.pages.setdefault(f"{home}?page_id={name[1]}", name)
    archive.pages.pop(home, None)
