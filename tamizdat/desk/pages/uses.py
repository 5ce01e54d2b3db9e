"""Uses of what is deleted at the desk that the CMS's reference index does not hold.

The index knows foreign keys of the models whose changes it follows. It knows no many-to-many
relation, and nothing of other rooms' models: what they use was said to be "referenced 0 times",
and was deleted, or the database refused it and the page broke.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.models import ReferenceIndex

from tamizdat.desk.refusing import refuse, refuse_if

HOLDS_FAST = (models.PROTECT, models.RESTRICT)


def unindexed(model: type[models.Model]) -> Iterator[Any]:
    """Yield the fields of other models that hold fast to a model, and are not in the index."""
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001  Django's documented name
        if not isinstance(relation, models.ForeignObjectRel):
            continue
        field = relation.field
        holds = relation.on_delete in HOLDS_FAST
        if relation.many_to_many or (holds and field.model not in ReferenceIndex.tracked_models):
            yield field


def counted(one: models.Model) -> dict[str, int]:
    """Return how many rows of which kind use something, by the kind's name; none with 0."""
    found: dict[str, int] = {}
    for field in unindexed(type(one)):
        kind = field.model
        number = kind._default_manager.filter(**{field.name: one}).count()  # noqa: SLF001  documented
        if number:
            name = str(kind._meta.verbose_name if number == 1 else kind._meta.verbose_name_plural)  # noqa: SLF001
            found[name] = found.get(name, 0) + number
    return found


def in_bulk(
    request: HttpRequest, action: str, changed: Iterable[models.Model], _view: Any
) -> HttpResponse | None:
    """Refuse to delete together what nobody may delete alone; None if it may be done.

    The CMS's bulk actions ask for rights on a model, and not the rules of its pages.
    """
    viewsets: list[Any] = [getattr(each, "snippet_viewset", None) for each in changed]
    policies = {each.permission_policy for each in viewsets if each is not None}
    if action != "delete" or all(p.user_has_permission(request.user, action) for p in policies):
        return None
    return refuse(request, "Nothing was done: these are not deleted, only edited.")


def refuse_used(request: HttpRequest, asked: Iterable[models.Model]) -> HttpResponse | None:
    """Say what of this is in use, instead of deleting any of it; None if nothing is."""
    used = {one: uses for one in asked if (uses := counted(one))}
    if not used:
        return None
    viewset: Any = next(iter(used)).snippet_viewset  # type: ignore[attr-defined]  # Wagtail's
    return refuse_if(request, map(_used_by, used, used.values()), viewset.get_url_name("list"))


def _used_by(one: models.Model, uses: dict[str, int]) -> str:
    by = ", ".join(f"{number} {kind}" for kind, number in uses.items())
    return f"“{one}” is used by {by}, so it cannot be deleted."
