"""What becomes of pictures, galleries and what plays sound or film."""

import re
from dataclasses import replace

from bs4 import Tag

from tamizdat.desk.importing.addresses import whole
from tamizdat.desk.importing.html import embeds
from tamizdat.desk.importing.html.markup import attribute, words
from tamizdat.desk.importing.html.pieces import Gallery, Photo, Piece
from tamizdat.desk.importing.html.walk import Walk
from tamizdat.desk.published.values import Embed

PLAYERS = {"audio": "src", "video": "src", "iframe": "src", "embed": "src", "object": "data"}
_NUMBER = re.compile(r"\bwp-image-(\d{1,15})\b")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)$", re.IGNORECASE)


def figure(walk: Walk, node: Tag, depth: int) -> None:
    gallery = node.get("data-gallery")
    if isinstance(gallery, str):
        walk.add(Gallery(tuple(map(int, re.findall(r"\d{1,15}", gallery)))))
        return
    caption = None if node.find("table") else node.find("figcaption", recursive=False)
    if isinstance(caption, Tag):
        caption.extract()
    inner = walk.inside(node, depth)
    if isinstance(caption, Tag) and len(inner) == 1 and _takes_caption(inner[0]):
        walk.add(_captioned(inner[0], words(caption)))
        return
    walk.add(*inner)
    if isinstance(caption, Tag):
        walk.paragraph(walk.inline.html(caption))


def picture(walk: Walk, node: Tag, _depth: int) -> None:
    if "1" in (attribute(node, "width"), attribute(node, "height")):
        walk.notes.leave_out("picture of one pixel: it counts readers")
        return
    sources = (attribute(node, name) for name in ("src", "data-src"))
    address = next((found for source in sources if (found := whole(source, walk.base))), "")
    if not address:
        walk.notes.leave_out("picture without an address to find its file by")
        return
    link = node.find_parent("a")
    if isinstance(link, Tag) and not _PICTURE_FILE.search(attribute(link, "href")):
        walk.notes.adjust("a picture is no link any more")
    walk.add(Photo(address, _number(node), attribute(node, "alt").strip(), ""))


def player(walk: Walk, node: Tag, depth: int) -> None:
    inside = node.find(["source", "embed", "iframe"])
    source = attribute(node, PLAYERS[node.name])
    if not source and isinstance(inside, Tag):
        source = attribute(inside, "src")
    address = whole(source, walk.base)
    if address.startswith("http"):
        walk.notes.adjust(f"{node.name} {address}: became a link to where it plays")
        walk.add(embeds.embed(address, attribute(node, "title")))
        return
    walk.notes.leave_out(f"{node.name}: it has no safe address")
    walk.children(node, depth)


def _number(node: Tag) -> int:
    """Return the number of the attachment shown: said by the picture, or by its old frame."""
    frame = node.find_parent("figure")
    named = [attribute(node, "class"), attribute(frame, "class") if frame else ""]
    found = _NUMBER.search(" ".join(named))
    said = attribute(node, "data-id")
    return int(found[1]) if found else int(said) if re.fullmatch(r"\d{1,15}", said) else 0


def _takes_caption(piece: Piece) -> bool:
    return isinstance(piece, Photo | Embed)


def _captioned(piece: Piece, caption: str) -> Piece:
    if isinstance(piece, Photo):
        return replace(piece, caption=caption)
    if isinstance(piece, Embed) and caption:
        return replace(piece, title=caption)
    return piece
