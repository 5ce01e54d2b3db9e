"""The shift editor's question "which edition do readers have?"."""

from datetime import datetime
from typing import Any

from django.conf import settings
from wagtail.admin.ui.components import Component

from tamizdat.lib import clock
from tamizdat.press.models import Change
from tamizdat.press.output.manifest import EMPTY, INDEX, Index, ManifestError, read_index
from tamizdat.press.rerender.progress import progress


class EditionPanel(Component):  # type: ignore[misc]  # Wagtail ships no types
    """The number and the time of the last edition, and whether something waits for the next."""

    name = "edition"
    order = 150
    template_name = "press/panel.html"

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        index = standing()
        return {
            "number": index.number,
            "at": datetime.fromisoformat(index.published) if index.published else None,
            "waiting": Change.objects.count(),
            "rerendering": progress(clock.now()),
            "address": settings.NEWSROOM.addresses.edition,
        }


def standing() -> Index:
    """Return the index of the edition that readers have now, as its own files say."""
    try:
        return read_index((settings.NEWSROOM.edition / "current" / INDEX).read_bytes())
    except (OSError, ManifestError):
        return EMPTY
