"""The room of letters."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Registers what letters add to other rooms, and to the outbox."""

    name = "tamizdat.letters"
    label = "letters"
    verbose_name = "Letters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.desk.pages import required_pages
        from tamizdat.letters import data_requests, holdings, parts, submission_handlers
        from tamizdat.letters.newsletters import issues_containing, offers, send_test

        submission_handlers.register_handlers()
        data_requests.register_wish_handlers()
        holdings.register_holdings()
        parts.register_part()
        issues_containing.register_carrier()
        send_test.register_with_outbox()
        required_pages.register(offers.why_required)
