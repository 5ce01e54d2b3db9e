"""What does not work, on the desk's first screen: nothing where all is well."""

from typing import Any

from django.conf import settings
from wagtail.admin.ui.components import Component

from tamizdat.site import health


class TroublesPanel(Component):
    """The findings with which somebody has something to do."""

    name = "troubles"
    order = 5
    template_name = "site/troubles.html"

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        return {"troubles": health.troubles(settings.NEWSROOM)}
