"""Support in the CMS's admin."""

from typing import Any

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from tamizdat.support.admin_panel import SupportPanel
from tamizdat.support.viewsets import Appeals

register_snippet(Appeals)


@hooks.register("construct_homepage_panels")
def panel(_request: Any, panels: list[Any]) -> None:
    panels.append(SupportPanel())
