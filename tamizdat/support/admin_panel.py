"""The shift editor's question "how is support this month?", answered with rounded sums."""

from typing import Any

from django.conf import settings
from wagtail.admin.ui.components import Component

from tamizdat.lib.theme import theme
from tamizdat.support.till_client import RefusedError, Sums, Till, TillAwayError, TillSilentError

EVERY = {"once": "Once", "month": "Monthly", "year": "Annual"}
WHY = {
    "listed": "from a listed country",
    "unknown": "of unknown country",
    "kind": "of a kind without a country",
}
SECONDS = 2  # the home page does not wait longer for a till that is away


class SupportPanel(Component):
    """This month's support, asked of the till each time the home page is opened."""

    name = "support"
    order = 300
    template_name = "support/panel.html"

    def get_context_data(self, _parent_context: Any) -> dict[str, Any]:
        till = Till.of(settings.NEWSROOM, "desk", SECONDS)
        try:
            return {"away": False, **_shown(till.sums())}
        except (TillSilentError, RefusedError):
            return {"away": True}
        except TillAwayError:
            return {"away": True, "nonsense": True}


def _shown(sums: Sums) -> dict[str, Any]:
    money: Any = theme().environment("en").globals["money"]
    return {
        "came": [
            (EVERY[one.interval], money(one.about.minor, one.about.currency), one.charges)
            for one in sums.came
        ],
        "running": [(EVERY[name], many) for name, many in sorted(sums.running.items())],
        "refused": [(WHY[name], many) for name, many in sorted(sums.refused.items())],
        "strays": sums.strays,
    }
