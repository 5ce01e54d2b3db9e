"""The room of letters."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Registers what letters add to other rooms, and to the outbox."""

    name = "tamizdat.letters"
    label = "letters"
    verbose_name = "Letters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.desk import required_pages
        from tamizdat.letters import (
            carried,
            confirmations,
            data_requests,
            holdings,
            offering,
            parts,
            trial,
        )

        confirmations.register_handler()
        data_requests.register_answers()
        holdings.register_holdings()
        parts.register_part()
        carried.register_carrier()
        trial.register_with_outbox()
        required_pages.register(offering.why_required)
