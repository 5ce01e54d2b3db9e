"""What concerns the whole newsroom, in the CMS's admin."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.permissions import page_permission_policy

from tamizdat.site.troubles_panel import TroublesPanel


@hooks.register("construct_homepage_panels", order=40)
def troubles(request: HttpRequest, panels: list[Any]) -> None:
    """Show what does not work to those who publish: before all else, for all else waits for it."""
    if page_permission_policy.user_has_permission(request.user, "publish"):
        panels.append(TroublesPanel())
