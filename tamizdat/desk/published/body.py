"""An article's body: from the CMS's stored blocks to clean values."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from tamizdat.desk import cleaning
from tamizdat.desk.cleaning import line, text
from tamizdat.desk.published import pictures as pictures_
from tamizdat.desk.published.values import (
    Block,
    Embed,
    Facts,
    Figure,
    Heading,
    Items,
    Quote,
    Table,
    Text,
)

Raw = Iterable[Any]  # of dicts with "type" and "value", as a StreamField stores them


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What blocks refer to: pictures by id, and what a link to an own page becomes."""

    pictures: pictures_.Pictures
    targets: dict[int, str]

    def target(self, page_id: int) -> str | None:
        return self.targets.get(page_id)


def blocks(raw: Raw, around: Surroundings) -> tuple[Block, ...]:
    """Return the blocks of a body; what is empty or refers to nothing is left out."""
    made = (_MAKERS[one["type"]](one["value"], around) for one in raw if one["type"] in _MAKERS)
    return tuple(block for block in made if block is not None)


def picture_ids(raw: Raw) -> Iterator[int]:
    """Yield the ids of the pictures in a body."""
    for one in raw:
        if one["type"] in ("picture", "embed"):
            number = one["value"].get("picture") or one["value"].get("still")
            if number:
                yield number


def page_ids(raw: Raw) -> set[int]:
    """Return the ids of own pages that a body links to."""
    return {number for one in raw for html in _htmls(one) for number in cleaning.own_pages(html)}


def words(body: Iterable[Block]) -> int:
    """Return how many words a reader reads in a body, tables and captions apart."""
    return sum(cleaning.words(html) for block in body for html in _running(block))


def _htmls(one: Any) -> list[str]:
    value = one["value"]
    if one["type"] == "text":
        return [value]
    if one["type"] == "list":
        return _items(value)
    if one["type"] == "facts":
        return [value["html"]]
    return []


def _running(block: Block) -> tuple[str, ...]:
    if isinstance(block, Text | Facts):
        return (block.html,)
    if isinstance(block, Heading | Quote):
        return (block.text.replace("<", " "),)
    return block.items if isinstance(block, Items) else ()


def _items(value: Any) -> list[str]:
    listed = value.get("items") or []
    return [one["value"] if isinstance(one, dict) else one for one in listed]


def _text(value: Any, around: Surroundings) -> Block | None:
    html = cleaning.html(value, around.target)
    return Text(html) if html else None


def _heading(value: Any, _around: Surroundings) -> Block | None:
    return Heading(line(value)) if line(value) else None


def _figure(value: Any, around: Surroundings) -> Block | None:
    use = pictures_.use(around.pictures, value["picture"], value.get("caption"), value.get("alt"))
    return Figure(use) if use else None


def _quote(value: Any, _around: Surroundings) -> Block | None:
    said = text(value["text"])
    return Quote(said, line(value.get("attribution"))) if said else None


def _list(value: Any, around: Surroundings) -> Block | None:
    items = [cleaning.inline(html, around.target) for html in _items(value)]
    kept = tuple(item for item in items if item)
    return Items(kept, bool(value.get("ordered"))) if kept else None


def _facts(value: Any, around: Surroundings) -> Block | None:
    html = cleaning.html(value["html"], around.target)
    return Facts(line(value.get("title")), html) if html else None


def _table(value: Any, _around: Surroundings) -> Block | None:
    if not value or not value.get("columns"):
        return None
    return Table(
        caption=line(value.get("caption")),
        header=tuple(line(column.get("heading")) for column in value["columns"]),
        rows=tuple(tuple(line(cell) for cell in row["values"]) for row in value["rows"]),
    )


def _embed(value: Any, around: Surroundings) -> Block | None:
    address = line(value.get("address"))
    if not address.startswith(("https://", "http://")):
        return None
    still = pictures_.use(
        around.pictures, value.get("still"), value.get("caption"), value.get("alt")
    )
    return Embed(address, line(value.get("title")) or address, line(value.get("provider")), still)


_MAKERS: dict[str, Callable[[Any, Surroundings], Block | None]] = {
    "text": _text,
    "heading": _heading,
    "picture": _figure,
    "quote": _quote,
    "list": _list,
    "facts": _facts,
    "table": _table,
    "embed": _embed,
}
