"""What concerns the whole newsroom, in the CMS's admin."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from tamizdat.desk import tasks
from tamizdat.press.build import failed_jobs
from tamizdat.site.troubles_panel import TroublesPanel


@hooks.register("construct_homepage_panels", order=40)
def troubles(request: HttpRequest, panels: list[Any]) -> None:
    """Show what does not work to those who publish: before all else, for all else waits for it."""
    if page_permission_policy.user_has_permission(request.user, "publish"):
        panels.append(TroublesPanel())


@hooks.register("before_edit_page")
def troubles_of_page(request: HttpRequest, page: Page) -> None:
    """Say above an article what keeps it from readers: who opens it is the one who can mend it.

    The alert's cause is left out: only engineers can read it. `tamizdat doctor` has it.
    """
    if request.method == "GET":
        for alert in (*tasks.alerts_of(page.pk), *failed_jobs.of_page(page.pk)):
            said = (alert.what, alert.why, alert.do)
            messages.warning(request, " ".join(filter(None, said)))
