"""The room of reader records."""

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    """Registers what it does with the submissions that concern it."""

    name = "tamizdat.readers"
    label = "readers"
    verbose_name = "Readers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.readers import holdings, submission_handlers

        submission_handlers.register_handlers()
        holdings.register_holdings()
