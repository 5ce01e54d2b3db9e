"""Dates that a newsroom can type: from 1900 to 2199.

Outside of these years a moment may have no date at all in a colleague's time zone: Python counts
from year 1 to 9999. One such date broke every page that showed it, for whoever sat further east.
"""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_datetime
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

FIRST, LAST = 1900, 2199
REFUSED = f"Dates are from {FIRST} to {LAST}."


def within(moment: datetime) -> datetime:
    """Return a moment, or the nearest one that colleagues in all time zones can look at."""
    if moment.year < FIRST:
        return datetime(FIRST, 1, 2, tzinfo=UTC)
    return moment if moment.year <= LAST else datetime(LAST, 12, 30, tzinfo=UTC)


def within_text(said: str) -> str:
    """Return a moment as a version keeps it, or the nearest one that can be looked at."""
    moment = parse_datetime(said)
    return said if moment is None or within(moment) == moment else within(moment).isoformat()


def checked(typed: Any) -> Any:
    """Return a date, a moment or None as it was typed.

    Raises:
        ValidationError: it lies outside of the years.
    """
    if isinstance(typed, date) and not FIRST <= typed.year <= LAST:
        raise ValidationError(REFUSED)
    return typed


class MomentField(forms.DateTimeField):
    def to_python(self, value: Any) -> datetime | None:
        return checked(super().to_python(value))  # type: ignore[no-any-return]

    def prepare_value(self, value: Any) -> Any:
        """Show what an older version kept outside of the years as the nearest within."""
        return super().prepare_value(within(value) if isinstance(value, datetime) else value)


class DayField(forms.DateField):
    def to_python(self, value: Any) -> date | None:
        return checked(super().to_python(value))  # type: ignore[no-any-return]


def register() -> None:
    """Let every form of the desk that is made from a model take such dates alone."""
    for field, form_class, widget in (
        (models.DateField, DayField, AdminDateInput),
        (models.DateTimeField, MomentField, AdminDateTimeInput),
    ):
        override = {"form_class": form_class, "widget": widget}
        register_form_field_override(field, override=override)
