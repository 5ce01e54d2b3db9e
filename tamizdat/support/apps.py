"""The room of support, on the desk's side."""

from django.apps import AppConfig


class SupportConfig(AppConfig):
    """Registers what support does with submissions, what it holds, and its part of the edition."""

    name = "tamizdat.support"
    label = "support"
    verbose_name = "Support"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.support import holdings, parts, submission_handlers
        from tamizdat.support.wishes import answering

        submission_handlers.register_handlers()
        answering.register_wish_handlers()
        holdings.register_holdings()
        parts.register_part()
