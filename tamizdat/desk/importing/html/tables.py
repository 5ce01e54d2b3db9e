"""What becomes of a table: a header, rows of equal length, plain words."""

import re

from bs4 import Tag

from tamizdat.desk.importing.html.markup import attribute, words
from tamizdat.desk.importing.html.pieces import Photo, Piece
from tamizdat.desk.importing.html.walk import Walk
from tamizdat.desk.published.values import Table

_WIDEST = 50


def table(walk: Walk, node: Tag, depth: int) -> None:
    caption = _caption(node)
    rows = [line for line in node.find_all("tr") if line.find_parent("table") is node]
    headed = bool(rows) and _is_header(rows[0])
    cells = [_cells(line) for line in rows]
    width = max(map(len, cells), default=0)
    full = [tuple(row + [""] * (width - len(row))) for row in cells if any(row)]
    pictures = _pictures(walk, node, depth)
    if full:
        header = full[0] if headed and any(cells[0]) else ()
        walk.add(Table(caption, header, tuple(full[1:] if header else full)))
    walk.add(*pictures)


def _is_header(row: Tag) -> bool:
    return row.find_parent("thead") is not None or row.find("td") is None


def _cells(row: Tag) -> list[str]:
    found: list[str] = []
    for cell in row.find_all(["td", "th"], recursive=False):
        span = attribute(cell, "colspan")
        wide = int(span) if re.fullmatch(r"\d{1,2}", span) else 1
        found += [words(cell), *[""] * (min(max(wide, 1), _WIDEST) - 1)]
    return found


def _caption(node: Tag) -> str:
    frame = node.find_parent("figure")
    found = node.find("caption") or (frame.find("figcaption") if frame else None)
    return words(found.extract()) if isinstance(found, Tag) else ""


def _pictures(walk: Walk, node: Tag, depth: int) -> list[Piece]:
    return [piece for cell in node.find_all(["td", "th"]) for piece in _apart(walk, cell, depth)]


def _apart(walk: Walk, cell: Tag, depth: int) -> list[Piece]:
    if cell.find("img") is None:
        return []
    return [piece for piece in walk.inside(cell, depth) if isinstance(piece, Photo)]
