from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "tamizdat.readers.counter"
    label = "counter"
    verbose_name = "Counter"
    default_auto_field = "django.db.models.BigAutoField"
