"""The press as Django knows it."""

from django.apps import AppConfig


class PressConfig(AppConfig):
    """Starts listening to the desk and to the parts, and lends the desk its preview."""

    name = "tamizdat.press"
    label = "press"
    verbose_name = "Press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect once Django has loaded every app."""
        from tamizdat.press import preview, receivers

        receivers.connect()
        preview.connect()
