"""What a shift editor wants to know first."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from wagtail.admin.ui.components import Component
from wagtail.models import Page, Revision, TaskState

from tamizdat.desk.models import ArticlePage
from tamizdat.desk.pages import ends_first, locks, versions
from tamizdat.desk.refusing import who
from tamizdat.lib import clock

SHOWN = 8


class ShiftPanel(Component):
    """Published today, waiting for me, scheduled, drafts."""

    name = "shift"
    order = 100
    template_name = "desk/shift.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        waiting = waiting_for(parent_context["request"].user)
        held = scheduled()
        named = {article.pk for article in waiting} | {article.pk for article, *_ in held}
        return {
            "published": published_since(midnight(clock.now()))[:SHOWN],
            "waiting": waiting[:SHOWN],
            "scheduled": held[:SHOWN],
            "drafts": drafts().exclude(pk__in=named)[:SHOWN],
        }


def midnight(at: datetime) -> datetime:
    """Return when this day began where the newsroom is."""
    there = at.astimezone(ZoneInfo(settings.NEWSROOM.time_zone))
    return there.replace(hour=0, minute=0, second=0, microsecond=0)


def published_since(since: datetime) -> QuerySet[ArticlePage]:
    rows = ArticlePage.objects.filter(live=True, last_published_at__gte=since)
    return _listed(rows).order_by("-last_published_at")


def waiting_for(user: Any) -> list[Any]:
    """Return the articles that reporters sent to the desk and this colleague may approve."""
    states = TaskState.objects.reviewable_by(user).order_by("started_at")
    found = (versions.read(number) for number in states.values_list("revision", flat=True))
    return [article for article in found if article]


def scheduled() -> list[tuple[Any, datetime, str, datetime | None]]:
    """Return what is held, until when, whose lock holds it longer, and what end calls it off."""
    revisions = Revision.page_revisions.exclude(approved_go_live_at=None)
    listed = revisions.defer("content").order_by("approved_go_live_at")
    found = [(versions.read(one.pk), one) for one in listed]
    return [
        (page, one.approved_go_live_at, _locked_by(one), ends_first.end_before(one))
        for page, one in found
        if page
    ]


def _locked_by(version: Revision) -> str:
    if not locks.is_held(version):
        return ""
    holder = Page.objects.get(pk=version.object_id).locked_by
    return who(holder) if holder else "a colleague"


def drafts() -> QuerySet[ArticlePage]:
    """Return what was worked on in the last month and readers have not seen so."""
    since = clock.now() - timedelta(days=31)
    rows = ArticlePage.objects.filter(
        has_unpublished_changes=True, latest_revision_created_at__gte=since
    )
    return _listed(rows).order_by("-latest_revision_created_at")


def _listed(rows: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    return rows.select_related("locale", "owner").defer("body")
