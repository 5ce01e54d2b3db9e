"""What does not work, on the desk's first screen: nothing where all is well."""

import re
from typing import Any

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from wagtail.admin.ui.components import Component

from tamizdat.site import health
from tamizdat.site.health import Finding

_CODE = re.compile("`([^`]+)`")


class TroublesPanel(Component):
    """The findings with which somebody has something to do."""

    name = "troubles"
    order = 5
    template_name = "site/troubles.html"

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        return {"troubles": [_shown(each) for each in health.troubles(settings.NEWSROOM)]}


def _shown(finding: Finding) -> dict[str, SafeString]:
    return {name: _with_code(getattr(finding, name)) for name in ("what", "why", "do")}


def _with_code(sentence: str) -> SafeString:
    """Return a sentence as HTML, with what it has between backticks as code."""
    return mark_safe(_CODE.sub(r"<code>\1</code>", escape(sentence)))  # noqa: S308  escaped just here
