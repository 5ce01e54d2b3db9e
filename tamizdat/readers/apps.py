"""The room of reader records."""

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    """Registers what it does with the envelopes that concern it."""

    name = "tamizdat.readers"
    label = "readers"
    verbose_name = "Readers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.readers import holdings, intake

        intake.register_handlers()
        holdings.register_holdings()
