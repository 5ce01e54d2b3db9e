"""Versions of pages: read although what they refer to may be gone.

A version is a page as JSON. Nobody looks into it when a section or a person is deleted, and the CMS
refuses to read a version that names one which may not be deleted while it is in use.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import DatabaseError, models
from modelcluster.models import get_all_child_relations
from wagtail.models import Page, PageLogEntry, Revision

from tamizdat.desk.forms import dates
from tamizdat.lib.failures import where

HANDLED = (models.CASCADE, models.SET_NULL, models.DO_NOTHING)  # by the CMS itself
Content = dict[str, Any]
Keys = Mapping[Any, set[Any]]

log = logging.getLogger(__name__)


def read(number: int) -> Any | None:
    """Return the page as a version has it, None if that version cannot be read."""
    try:
        return Revision.objects.get(pk=number).as_object()
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  whatever is in it, it must hold up no other
        log.warning("version %s of a page cannot be read: %s", number, where(error))
        return None


def is_decided_on(version: Revision) -> bool:
    """Say whether it was sent to the desk, waits for its time, or readers have it or had it."""
    if version.approved_go_live_at or version.task_states.exists():
        return True
    acts = PageLogEntry.objects.filter(revision=version, action__startswith="wagtail.publish")
    return bool(acts.exists() or Page.objects.filter(live_revision=version).exists())


def without_missing(model: type[models.Model], content: Content) -> Content:
    """Return a version's content without references to rows of the desk that are gone.

    A reference that may be empty is emptied. A row that is nothing without it, as a byline without
    its person, is left out. A row that is gone itself comes back as a new one, without its key.
    """
    there = _there(model, content)
    kept = _emptied(model, content, there)
    for relation in get_all_child_relations(model):
        name, kind = relation.get_accessor_name(), relation.related_model
        if isinstance(kept.get(name), list):
            rows = [_emptied(kind, row, there) for row in kept[name]]
            kept[name] = _keyed(kind, [row for row in rows if not _lacks(kind, row, there)])
    return kept


def within_reach(model: type[models.Model], content: Content) -> Content:
    """Return a version's content with dates that colleagues in all time zones can look at."""
    kept = _within_reach(model, content)
    for relation in get_all_child_relations(model):
        name, kind = relation.get_accessor_name(), relation.related_model
        if isinstance(kept.get(name), list):
            kept[name] = [_within_reach(kind, row) for row in kept[name]]
    return kept


def _within_reach(model: type[models.Model], row: Content) -> Content:
    fields = model._meta.concrete_fields  # noqa: SLF001  Django's documented name
    moments = [field.name for field in fields if isinstance(field, models.DateTimeField)]
    said = {name: row[name] for name in moments if isinstance(row.get(name), str)}
    return row | {name: dates.within_text(text) for name, text in said.items()}


def _there(model: type[models.Model], content: Content) -> Keys:
    """Return the keys of the rows that are there, of all that a version refers to, by model."""
    asked: dict[Any, set[Any]] = defaultdict(set)
    for kind, row in _rows(model, content):
        for field in _references(kind):
            asked[field.related_model].add(row.get(field.name))
    return {
        of: set(of.objects.filter(pk__in=keys - {None}).values_list("pk", flat=True))
        for of, keys in asked.items()
    }


def _rows(model: type[models.Model], content: Content) -> Iterator[tuple[Any, Content]]:
    yield model, content
    for relation in get_all_child_relations(model):
        for row in content.get(relation.get_accessor_name()) or ():
            yield relation.related_model, row


def _keyed(model: type[models.Model], rows: list[Content]) -> list[Content]:
    """Return rows without the keys that are gone."""
    keys = {row["pk"] for row in rows if row.get("pk") is not None}
    if not keys:
        return rows
    there = set(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True))  # noqa: SLF001  Django's documented name
    return [row if row.get("pk") in there else row | {"pk": None} for row in rows]


def _references(model: type[models.Model]) -> list[Any]:
    """Return a model's references to rows of the desk with which the CMS does not know its way."""
    return [
        field
        for field in model._meta.concrete_fields  # noqa: SLF001  Django's documented name
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete not in HANDLED
        and field.related_model._meta.app_label == "desk"  # noqa: SLF001
    ]


def _emptied(model: type[models.Model], row: Content, there: Keys) -> Content:
    fields = [field for field in _references(model) if field.null]
    return row | {field.name: None for field in fields if _is_gone(field, row, there)}


def _lacks(model: type[models.Model], row: Content, there: Keys) -> bool:
    fields = [field for field in _references(model) if not field.null]
    return any(_is_gone(field, row, there) for field in fields)


def _is_gone(field: Any, row: Content, there: Keys) -> bool:
    return row.get(field.name) not in there[field.related_model]
