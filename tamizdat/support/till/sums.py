"""Support this month, rounded so that no single contribution can be read off it."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from tamizdat.lib.money import rounded
from tamizdat.support.till.actions import month_of
from tamizdat.support.till.models import Charge, Contribution, Refusals, UnmatchedCharge
from tamizdat.support.till.states import GIVING


def of_month(at: datetime) -> dict[str, Any]:
    """Return what came this month by interval, what runs, what was refused, what is unknown."""
    month = month_of(at)
    came = Charge.objects.filter(month=month).values("contribution__interval", "currency")
    running = Contribution.objects.filter(state__in=GIVING).values("interval")
    refused = Refusals.objects.filter(day__gte=month).values("reason")
    return {
        "month": month.isoformat(),
        "came": [
            {
                "interval": row["contribution__interval"],
                "currency": row["currency"],
                "about": rounded(row["sum"]),
                "charges": row["many"],
            }
            for row in came.annotate(sum=Sum("minor"), many=Count("id")).order_by(
                "contribution__interval"
            )
        ],
        "running": {row["interval"]: row["many"] for row in running.annotate(many=Count("key"))},
        "refused": {row["reason"]: row["sum"] for row in refused.annotate(sum=Sum("count"))},
        "strays": UnmatchedCharge.objects.count(),
    }
