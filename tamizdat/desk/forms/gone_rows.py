"""Rows of a form that the database has no more, and rows of a page that its form does not hold.

Both come of what a colleague did meanwhile. A byline, a correction or a pin can be deleted and
published while it stands in somebody's form, and in older versions. The CMS answers such a form
with an error that no field shows, for ever. And a row that a colleague added stays, for the CMS,
although the form that takes the place of their version does not hold it.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db import models
from django.http import QueryDict
from wagtail.models import COMMENTS_RELATION_NAME

#: What colleagues said to each other. A comment or a reply that was deleted stays deleted.
TALK = (COMMENTS_RELATION_NAME, "comments", "replies")
LONGEST = 18  # digits of a key that every database can be asked for


class TakesGoneRows:
    """A form that takes rows whose keys are gone as new ones. It stands before the CMS's form."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        if data is not None:
            data = with_gone_rows_as_new(type(self), data)
        super().__init__(data, *args, **kwargs)  # type: ignore[call-arg]  # a form's


def with_gone_rows_as_new(form: Any, sent: QueryDict) -> QueryDict:
    """Return what was sent, without the keys of rows that are in the database no more."""
    changed: dict[str, str] = {}
    for pattern, model, is_talk in _lists(form, ""):
        asked = {
            name: key for name in sent if pattern.fullmatch(name) and (key := _key(sent, name))
        }
        for name in _gone(model, asked):
            changed[name] = ""
            if is_talk:
                changed[f"{name.removesuffix('-id')}-DELETE"] = "on"
    if not changed:
        return sent
    copied = sent.copy()
    for name, value in changed.items():
        copied[name] = value
    return copied


def keep_only(form: Any, page: Any, sent: QueryDict) -> None:
    """Take the rows out of a page that a form does not hold; what was said to colleagues stays."""
    for name, rows in form.formsets.items():
        if name in TALK or f"{name}-TOTAL_FORMS" not in sent:
            continue
        pattern = re.compile(rf"{re.escape(name)}-\d+-id")
        held = {_key(sent, field) for field in sent if pattern.fullmatch(field)}
        manager = getattr(page, rows.fk.remote_field.get_accessor_name())
        manager.remove(*[row for row in manager.all() if row.pk and row.pk not in held])


def _lists(form: Any, before: str) -> Iterator[tuple[re.Pattern[str], type[models.Model], bool]]:
    """Yield of each list of rows in a form, and in its rows, how its keys' fields are named."""
    for name, rows in getattr(form, "formsets", {}).items():
        row = rf"{before}{re.escape(name)}-\d+-"
        yield re.compile(row + "id"), rows.model, name in TALK
        yield from _lists(rows.form, row)


def _key(sent: QueryDict, name: str) -> int | None:
    text = str(sent.get(name, ""))
    return int(text) if text.isdecimal() and len(text) <= LONGEST else None


def _gone(model: type[models.Model], asked: dict[str, int]) -> Iterator[str]:
    there = (
        set(
            model._default_manager.filter(pk__in=asked.values()).values_list("pk", flat=True)  # noqa: SLF001  Django's documented name
        )
        if asked
        else set()
    )
    return (name for name, key in asked.items() if key not in there)
