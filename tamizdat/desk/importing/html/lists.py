"""What becomes of lists: flat ones are the desk's lists, nested ones stand in a text."""

from bs4 import Tag

from tamizdat.desk.importing.html.markup import DEEPEST
from tamizdat.desk.importing.html.pieces import Piece
from tamizdat.desk.importing.html.texts import as_html
from tamizdat.desk.importing.html.walk import Walk
from tamizdat.desk.published.values import Items, Text

_LISTS = ["ul", "ol"]


def bullets(walk: Walk, node: Tag, depth: int) -> None:
    rows = [walk.inside(row, depth) for row in _rows(node)]
    if node.find(_LISTS):
        walk.add(Text(_nested(walk, node, depth)))
    elif items := tuple(item for row in rows if (item := _inline(row))):
        walk.add(Items(items, ordered=node.name == "ol"))
    walk.add(*(piece for row in rows for piece in row if not as_html(piece)))


def _rows(node: Tag) -> list[Tag]:
    """Return a list's rows. Lists put straight into lists, as old editors did, count as rows."""
    return [child for child in node.children if isinstance(child, Tag) and child.name != "br"]


def _nested(walk: Walk, node: Tag, depth: int) -> str:
    if depth > DEEPEST:
        return ""
    written = []
    for line in _rows(node):
        inner = [line] if line.name in _LISTS else line.find_all(_LISTS, recursive=False)
        lists = "".join(_nested(walk, child, depth + 1) for child in inner)
        for child in inner:
            child.extract()
        own = "" if line.name in _LISTS else _inline(walk.inside(line, depth))
        written.append(f"<li>{own}{lists}</li>" if own or lists else "")
    return f"<{node.name}>{''.join(written)}</{node.name}>"


def _inline(pieces: list[Piece]) -> str:
    """Return the paragraphs of a row as one line of inline HTML."""
    text = "".join(as_html(piece) for piece in pieces if isinstance(piece, Text))
    return text.replace("</p><p>", "<br>").removeprefix("<p>").removesuffix("</p>")
