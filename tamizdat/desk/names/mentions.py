"""Where a name stands in what the desk keeps: read, never changed.

Every text of every table is looked at, so that a field which somebody adds is not forgotten. Left
out are copies that are made from others (the search index, revisions that are no draft) and the
rooms that tell by themselves (`published.carriers`).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Field, Model
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page, Revision

from tamizdat.desk.models import ArticlePage, Person
from tamizdat.desk.published.traces import holding
from tamizdat.desk.spellings import Spellings

TEXTS = ("CharField", "FileField", "JSONField", "SlugField", "TextField", "URLField")
APPS = ("auth", "desk", "taggit", "wagtailcore", "wagtailadmin")
COPIES = frozenset({"Page", "Revision", "ModelLogEntry", "PageLogEntry", "FormState"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A thing whose texts hold a name, the fields in which they do, and where to mend them."""

    what: str
    places: tuple[str, ...]
    href: str


def mentions(
    spellings: Spellings, drafts: Iterable[Revision], apart_from: Iterable[int] = ()
) -> list[Mention]:
    """Return what holds the name, with these drafts that do, but for these people themselves."""
    people, found = set(apart_from), dict[tuple[type[Model], Any], tuple[Model, list[str]]]()
    for row, field in _rows(spellings):
        if isinstance(row, Person) and row.pk in people:
            continue
        found.setdefault((type(row), row.pk), (row, []))[1].append(str(field.verbose_name))
    for page in (draft.content_object for draft in drafts):
        found.setdefault((type(page), page.pk), (page, []))[1].append("draft")
    made = (_mention(row, places) for row, places in found.values())
    return sorted(made, key=lambda mention: mention.what)


def _rows(spellings: Spellings) -> Iterator[tuple[Model, Field[Any, Any]]]:
    for model in apps.get_models():
        if model._meta.app_label not in APPS or model.__name__ in COPIES:  # noqa: SLF001  Django's own name
            continue
        every = model._meta.concrete_fields  # noqa: SLF001  Django's own name
        fields = [field for field in every if field.get_internal_type() in TEXTS]
        rows = model._default_manager.all()  # noqa: SLF001  Django's own name
        for row in holding(rows, [field.name for field in fields], spellings.sought):
            yield from ((row, f) for f in fields if spellings.hold(text_of(row, f)))


def text_of(row: Model, field: Any) -> str:
    """Return a field's words, out of blocks and JSON, too."""
    value = field.value_from_object(row)
    return words(getattr(value, "raw_data", value))


def words(value: Any) -> str:
    """Return all strings within a value of JSON, each on a line of its own.

    A string that is JSON itself is opened, too: so revisions keep blocks.
    """
    if isinstance(value, str):
        return words(json.loads(value)) if _is_json(value) else value
    if isinstance(value, dict):
        return "\n".join(words(each) for each in value.values())
    if isinstance(value, (list, tuple)) or hasattr(value, "__getitem__"):
        return "\n".join(words(value[at]) for at in range(len(value)))
    return str(value or "")


def _is_json(text: str) -> bool:
    if not text.startswith(('[{"', '{"')):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _mention(row: Model, places: list[str]) -> Mention:
    kind = str(row._meta.verbose_name)  # noqa: SLF001  Django's own name
    language = f" ({row.locale.language_code})" if isinstance(row, ArticlePage) else ""
    return Mention(
        f"{kind.capitalize()}: {row}{language}", tuple(dict.fromkeys(places)), _href(row)
    )


def _href(row: Model) -> str:
    label, name = row._meta.app_label, row._meta.model_name  # noqa: SLF001  Django's own names
    if isinstance(row, Page):
        return reverse("wagtailadmin_pages:edit", args=(row.pk,))
    if name == "picture":
        return reverse("wagtailimages:edit", args=(row.pk,))
    page = getattr(row, "article_id", None) or getattr(row, "page_id", None)
    if page:
        return reverse("wagtailadmin_pages:edit", args=(page,))
    try:
        return reverse(f"wagtailsnippets_{label}_{name}:edit", args=(row.pk,))
    except NoReverseMatch:
        return ""
