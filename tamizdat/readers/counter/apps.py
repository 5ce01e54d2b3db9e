"""The counter: what everybody reaches, and what cannot read what it wrote."""

from django.apps import AppConfig


class CounterConfig(AppConfig):
    """The counter's one table."""

    name = "tamizdat.readers.counter"
    label = "counter"
    verbose_name = "Counter"
    default_auto_field = "django.db.models.BigAutoField"
