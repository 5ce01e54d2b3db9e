"""The room of support, on the desk's side."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Registers what support does with envelopes, what it holds, and its part of the edition."""

    name = "tamizdat.support"
    label = "support"
    verbose_name = "Support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.support import answering, collecting, holdings, parts

        collecting.register_handlers()
        answering.register_answers()
        holdings.register_holdings()
        parts.register_part()
