"""What the desk's form sends for an article, as a browser fills it in."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from wagtail import blocks

Fields = Mapping[str, str]
Pairs = Iterator[tuple[str, str]]
PLAIN = ("title", "slug", "kicker", "standfirst", "dateline", "lead_caption", "lead_alt")
CHOSEN = ("section_id", "lead_picture_id")


def sent(article: Any, corrections: Sequence[tuple[datetime, str]] = ()) -> list[tuple[str, str]]:
    """Return an article's form as it would be sent, with further corrections."""
    return [
        *((name, getattr(article, name)) for name in PLAIN),
        *((name.removesuffix("_id"), str(getattr(article, name) or "")) for name in CHOSEN),
        *(("topics", str(topic.pk)) for topic in article.topics.all()),
        *([("sensitive", "on")] if article.sensitive else []),
        *_block(article.body.stream_block, article.body, "body"),
        *_rows("bylines", _bylines(article)),
        *_rows("corrections", _corrections(article, corrections)),
        *_rows("pins", ()),
        *_rows("comments", ()),
    ]


def _bylines(article: Any) -> list[Fields]:
    lines = article.bylines.all()
    return [{"id": str(b.pk or ""), "person": str(b.person_id), "role": b.role} for b in lines]


def _corrections(article: Any, more: Sequence[tuple[datetime, str]]) -> list[Fields]:
    there = [
        {"id": str(row.pk), "at": _moment(row.at), "text": row.text}
        for row in article.corrections.all()
    ]
    return [*there, *({"id": "", "at": _moment(at), "text": text} for at, text in more)]


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def _rows(name: str, rows: Sequence[Fields]) -> Pairs:
    yield f"{name}-TOTAL_FORMS", str(len(rows))
    yield f"{name}-INITIAL_FORMS", str(sum(bool(row["id"]) for row in rows))
    yield f"{name}-MIN_NUM_FORMS", "0"
    yield f"{name}-MAX_NUM_FORMS", "1000"
    for at, row in enumerate(rows):
        for field, value in {**row, "ORDER": str(at), "DELETE": ""}.items():
            yield f"{name}-{at}-{field}", value


def _block(block: Any, value: Any, name: str) -> Pairs:
    if isinstance(block, blocks.StreamBlock):
        yield from _several(name, [(each.block, each.value, each.id) for each in value])
    elif isinstance(block, blocks.ListBlock):
        yield from _several(name, [(block.child_block, each, "") for each in value])
    elif isinstance(block, blocks.StructBlock):
        for key, child in block.child_blocks.items():
            yield from _block(child, value.get(key), f"{name}-{key}")
    elif not isinstance(block, blocks.FieldBlock):
        raise TypeError(f"no form is known for {block}")
    elif value is not False:  # a box that is not ticked sends nothing
        typed = block.field.prepare_value(block.value_for_form(value))
        shown = block.field.widget.format_value(typed)
        yield name, str(shown or "")


def _several(name: str, children: list[tuple[Any, Any, str]]) -> Pairs:
    yield f"{name}-count", str(len(children))
    for at, (block, value, number) in enumerate(children):
        said = {"type": block.name, "order": str(at), "deleted": "", "id": number or ""}
        yield from ((f"{name}-{at}-{key}", text) for key, text in said.items())
        yield from _block(block, value, f"{name}-{at}-value")
