"""The one file of signal receivers: what editors do reaches the press here.

The change is a row of the very transaction that made it, so nothing that was published is ever
forgotten. Printing starts after that transaction, and its failure is never the editor's.
"""

import logging
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished

from tamizdat.desk.published import change_keys
from tamizdat.press import parts

log = logging.getLogger(__name__)


def connect() -> None:
    """Listen to the desk's pages and snippets and to the parts."""
    page_published.connect(_page_changed, dispatch_uid="press.published")
    page_unpublished.connect(_page_changed, dispatch_uid="press.unpublished")
    post_save.connect(_saved, dispatch_uid="press.saved")
    post_delete.connect(_deleted, dispatch_uid="press.deleted")
    parts.listen(_part_changed)


def _page_changed(instance: Any, **_said: Any) -> None:
    _mark(change_keys(instance))


def _saved(instance: Any, *, raw: bool = False, **_said: Any) -> None:
    """Hear of snippets. A page that is only saved is a draft: readers see it when published."""
    if not raw and not isinstance(instance, Page):
        _mark(change_keys(instance))


def _deleted(instance: Any, **_said: Any) -> None:
    _mark(change_keys(instance))


def _part_changed(name: str) -> None:
    _mark((f"part:{name}",))


def _mark(keys: tuple[str, ...]) -> None:
    from tamizdat.press.actions import mark

    for key in keys:
        mark(key)
    if keys:
        transaction.on_commit(_publish)


def _publish() -> None:
    from tamizdat.press.actions import publish_soon

    try:
        publish_soon()
    except Exception:  # the editor's save stands whatever happens here; `work` tries again
        log.exception("the edition could not be published; it is tried again every minute")
