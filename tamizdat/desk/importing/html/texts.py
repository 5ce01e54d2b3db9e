"""What becomes of headings, quotes, poems, code, details and definitions."""

import html
import re

from bs4 import Tag

from tamizdat.desk.importing.html.markup import classes, words
from tamizdat.desk.importing.html.pieces import Piece
from tamizdat.desk.importing.html.walk import Walk
from tamizdat.desk.published.values import Facts, Heading, Items, Quote, Text


def heading(walk: Walk, node: Tag, depth: int) -> None:
    walk.add(*(piece for piece in walk.inside(node, depth) if not lines(piece)))
    if text := words(node):
        walk.add(Heading(text))


def preformatted(walk: Walk, node: Tag, _depth: int) -> None:
    """Keep line ends and indents: in code and in poems both mean something."""
    kept = [_indented(line) for line in walk.inline.html(node).strip("\n").split("\n")]
    inner = "<br>".join(kept)
    is_code = "wp-block-verse" not in classes(node) and "<code>" not in inner
    walk.paragraph(f"<code>{inner}</code>" if is_code else inner)


def quote(walk: Walk, node: Tag, depth: int) -> None:
    source = node.find(["cite", "footer"])
    said_by = words(source.extract()) if isinstance(source, Tag) else ""
    inner = walk.inside(node, depth)
    if text := "\n\n".join(line for piece in inner for line in lines(piece)):
        walk.add(Quote(text, said_by))
    walk.add(*(piece for piece in inner if not lines(piece)))


def details(walk: Walk, node: Tag, depth: int) -> None:
    summary = node.find("summary")
    title = words(summary.extract()) if isinstance(summary, Tag) else ""
    inner = walk.inside(node, depth)
    if text := "".join(as_html(piece) for piece in inner):
        walk.add(Facts(title, text))
    walk.add(*(piece for piece in inner if not as_html(piece)))


def definitions(walk: Walk, node: Tag, _depth: int) -> None:
    for row in node.find_all(["dt", "dd"]):
        inner = html.escape(words(row), quote=False)
        walk.paragraph(f"<strong>{inner}</strong>" if row.name == "dt" else inner)


def lines(piece: Piece) -> list[str]:
    """Return the lines of plain text in a piece, none if it is no text."""
    if isinstance(piece, Heading):
        return [piece.text]
    if isinstance(piece, Quote):
        return [piece.text, *([f"— {piece.attribution}"] if piece.attribution else [])]
    found = re.split(r"<br>|</p>|</li>", as_html(piece))
    return [text for line in found if (text := _unmarked(line))]


def as_html(piece: Piece) -> str:
    """Return the clean HTML of a piece, "" if it is no text."""
    match piece:
        case Text(text) | Facts(_, text):
            return text
        case Items(items, ordered):
            name = "ol" if ordered else "ul"
            return f"<{name}>{''.join(f'<li>{item}</li>' for item in items)}</{name}>"
        case Heading(text):
            return f"<p><strong>{html.escape(text, quote=False)}</strong></p>"
        case Quote():
            return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines(piece))
        case _:
            return ""


def _unmarked(line: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", line)).split())


def _indented(line: str) -> str:
    return re.sub(r"^ +", lambda gap: "\xa0" * len(gap[0]), line.expandtabs(4)).rstrip(" ")
