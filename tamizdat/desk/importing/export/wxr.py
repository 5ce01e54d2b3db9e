"""Read a WordPress export (WXR), one item at a time and in bounded memory.

The file may come from anybody: there are no DTDs, no entities and nothing from outside.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError, iterparse

from tamizdat.desk.importing.export.dates import moment
from tamizdat.desk.importing.export.raw_xml import CleanXML, ExportError

DEEPEST = 40
_CHANNEL = 2  # how deep it lies, under <rss>
_WORDPRESS = re.compile(r"\{https?://(?:www\.)?wordpress\.org/export/1\.\d+/(excerpt/)?\}(.+)")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_KNOWN_VERSION = re.compile(r"1\.\d{1,3}")
_KEPT_META = frozenset(
    {
        "_thumbnail_id",
        "_wp_attachment_image_alt",
        "_wp_attached_file",
        "_yoast_wpseo_primary_category",
    }
)


@dataclass(frozen=True, slots=True)
class Site:
    """Whose export this is. `address` is the blog's own, without a slash at the end."""

    title: str = ""
    address: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who wrote. Their mail address stands in the export; we never look at it."""

    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A category or a tag; `parent` is a slug, `number` WordPress's own, 0 if it is not told."""

    kind: str  # "category" or "tag"
    slug: str
    name: str
    parent: str = ""
    description: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """A post, page, attachment or whatever else the site kept. Texts are as they were: HTML."""

    number: int  # WordPress's own, 0 if it has none
    kind: str
    status: str
    title: str
    slug: str
    address: str
    guid: str
    author: str  # a login
    written: datetime | None
    content: str
    excerpt: str
    locked: bool  # it had a password
    parent: int
    order: int
    terms: tuple[Term, ...]
    meta: Mapping[str, str]  # only what we use
    own_fields: tuple[str, ...]  # names of what the site had invented for itself
    sticky: bool
    file_address: str  # of an attachment
    comments: int

    @property
    def key(self) -> str:
        """What names this item for ever within its site."""
        return str(self.number) if self.number else self.guid or f"{self.slug}:{self.title}"


def read(path: Path, zone: ZoneInfo) -> Iterator[Site | Author | Term | Item]:
    """Yield what the export holds. `zone` is where its clock hung, if only local time is told.

    Raises:
        ExportError: this is no export of WordPress, or a broken or hostile one. It may come
            late, after many items, so read to the end before you believe the beginning.
    """
    try:
        with path.open("rb") as file:
            yield from _read(file, zone)
    except DefusedXmlException as error:
        raise ExportError(
            "This file declares entities or a DTD, which no WordPress export does: refused."
        ) from error
    except ParseError as error:
        line = getattr(error, "position", (0, 0))[0]
        raise ExportError(f"This file is broken at line {line}: it is not valid XML.") from error
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}.") from error


def _read(file: BinaryIO, zone: ZoneInfo) -> Iterator[Site | Author | Term | Item]:
    raw = CleanXML(file)
    site: dict[str, str] = {}
    for element in _children_of_channel(raw):
        name = _name(element)
        if name in ("title", "link", "language", "wp:base_blog_url", "wp:wxr_version"):
            site.setdefault(name, _text(element))
        elif name == "item":
            _check_version(site)
            yield _item(element, zone)
        elif name == "wp:author":
            yield _author(_fields(element))
        elif name in ("wp:category", "wp:tag"):
            yield _term(name, _fields(element))
        raw.item_done()
    _check_version(site)
    address = site.get("wp:base_blog_url") or site.get("link", "")
    yield Site(site.get("title", ""), address.rstrip("/"), site.get("language", ""))


def _children_of_channel(raw: CleanXML) -> Iterator[Any]:
    parser = DefusedXMLParser(encoding="utf-8", forbid_dtd=True)
    depth = 0
    channel: Any = None
    for event, element in iterparse(raw, events=("start", "end"), parser=parser):
        if event == "start":
            depth += 1
            _check_place(depth, element)
            channel = element if depth == _CHANNEL else channel
            continue
        if depth == _CHANNEL + 1:
            yield element
            channel.clear()
        elif depth == _CHANNEL + 2 and _name(element) == "wp:comment":
            element.clear()  # counted, never read: it holds strangers' addresses
        depth -= 1


def _check_place(depth: int, element: Any) -> None:
    if depth == 1 and element.tag != "rss":
        raise ExportError("This is not a WordPress export: its root is not <rss>.")
    if depth == _CHANNEL and element.tag != "channel":
        raise ExportError("This is not a WordPress export: it holds no <channel>.")
    if depth > DEEPEST:
        raise ExportError(f"This file nests more than {DEEPEST} elements deep: refused.")


def _check_version(site: dict[str, str]) -> None:
    version = site.get("wp:wxr_version", "").strip()
    if not version:
        raise ExportError("This is not a WordPress export: it does not say its WXR version.")
    if not _KNOWN_VERSION.fullmatch(version):
        raise ExportError(f"This export says WXR version {version[:20]!r}; we can read 1.x.")


def _name(element: Any) -> str:
    """Return a short name, the same for each version of WordPress's namespace."""
    found = _WORDPRESS.fullmatch(element.tag)
    if found:
        return f"{'excerpt' if found[1] else 'wp'}:{found[2]}"
    if element.tag == _CONTENT:
        return "content"
    return "author" if element.tag == _CREATOR else str(element.tag)


def _text(element: Any) -> str:
    return str(element.text or "").strip()


def _fields(element: Any) -> dict[str, str]:
    fields: dict[str, str] = {}
    for child in element:
        fields.setdefault(_name(child), str(child.text or ""))
    return fields


def _author(said: dict[str, str]) -> Author:
    login = said.get("wp:author_login", "").strip()
    whole = f"{said.get('wp:author_first_name', '')} {said.get('wp:author_last_name', '')}"
    shown = said.get("wp:author_display_name", "").strip() or " ".join(whole.split()) or login
    return Author(login, shown.partition("@")[0])  # some blogs show a mail address as a name


def login_key(login: str) -> str:
    """Return what names an author for ever. Some sign in with a mail address: we keep none."""
    if "@" not in login:
        return login
    return f"sha256:{hashlib.sha256(login.encode()).hexdigest()[:32]}"


def _term(name: str, said: dict[str, str]) -> Term:
    number = _number(said.get("wp:term_id", "").strip())
    if name == "wp:tag":
        slug, title = said.get("wp:tag_slug", ""), said.get("wp:tag_name", "")
        return Term(
            "tag", slug.strip(), title.strip(), "", said.get("wp:tag_description", ""), number
        )
    slug, title = said.get("wp:category_nicename", ""), said.get("wp:cat_name", "")
    parent = said.get("wp:category_parent", "").strip()
    description = said.get("wp:category_description", "")
    return Term("category", slug.strip(), title.strip(), parent, description, number)


def _item(element: Any, zone: ZoneInfo) -> Item:
    said = _fields(element)
    meta = list(_meta_of(element))
    short = {name: value.strip() for name, value in said.items()}
    return Item(
        number=_number(short.get("wp:post_id")),
        kind=short.get("wp:post_type") or "unknown",
        status=short.get("wp:status") or "draft",
        title=short.get("title", ""),
        slug=short.get("wp:post_name", ""),
        address=short.get("link", ""),
        guid=short.get("guid", ""),
        author=short.get("author", ""),
        written=moment(short, zone),
        content=said.get("content", ""),
        excerpt=said.get("excerpt:encoded", ""),
        locked=bool(short.get("wp:post_password")),
        parent=_number(short.get("wp:post_parent")),
        order=_number(short.get("wp:menu_order")),
        terms=tuple(_terms_of(element)),
        meta={name: value for name, value in meta if name in _KEPT_META},
        own_fields=tuple(name for name, _ in meta if name and not name.startswith("_")),
        sticky=short.get("wp:is_sticky") == "1",
        file_address=short.get("wp:attachment_url", ""),
        comments=sum(_name(child) == "wp:comment" for child in element),
    )


def _terms_of(element: Any) -> Iterator[Term]:
    for child in element:
        if _name(child) == "category" and _text(child):
            domain = child.get("domain") or "category"
            kind = {"post_tag": "tag", "tag": "tag", "category": "category"}.get(domain, domain)
            yield Term(kind, (child.get("nicename") or "").strip(), _text(child))


def _meta_of(element: Any) -> Iterator[tuple[str, str]]:
    for child in element:
        if _name(child) == "wp:postmeta":
            said = _fields(child)
            yield said.get("wp:meta_key", "").strip(), said.get("wp:meta_value", "").strip()


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else 0
