"""The till: the books of what was given."""

from django.apps import AppConfig


class TillConfig(AppConfig):
    """Says why nothing in the books leads to a reader."""

    name = "tamizdat.support.till"
    label = "till"
    verbose_name = "Till"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tamizdat.readers.privacy import contract
        from tamizdat.support.till import holdings

        why = "amounts, months and countries of cards; no name, address or network address"
        for model in ("Contribution", "Charge", "Refusals", "UnmatchedCharge", "Cursor"):
            contract.holds_nothing(f"till.{model}", why)
        holdings.register_fates()
