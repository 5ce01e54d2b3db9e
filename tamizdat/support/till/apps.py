from django.apps import AppConfig


class TillConfig(AppConfig):
    name = "tamizdat.support.till"
    label = "till"
    verbose_name = "Till"
    default_auto_field = "django.db.models.BigAutoField"
