"""What support holds about readers: sealed addresses that nobody can match to a record."""

from tamizdat.readers import contract


def register_holdings() -> None:
    """Answer for every model of this app."""
    contract.holds_nothing("support.Appeal", "the newsroom's own words")
    contract.holds_nothing(
        "support.Reminder",
        "a sealed address that cannot be matched to a subscriber; gone after two letters, or by "
        "the link in the first",
    )
    contract.holds_nothing(
        "support.ReceiptWish",
        "a sealed address that cannot be matched to a subscriber; gone with the last receipt",
    )
