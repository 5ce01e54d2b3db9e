from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "tamizdat.press"
    label = "press"
    verbose_name = "Press"
    default_auto_field = "django.db.models.BigAutoField"
