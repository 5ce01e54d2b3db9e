"""What support holds about readers at the desk: nothing. Its wishes are sealed records."""

from tamizdat.readers.privacy import contract
from tamizdat.readers.privacy.contract import OURS

APPEAL = ("strip", "heading", "message", "signed", "safe_heading", "safe_message", "declaration")


def register_holdings() -> None:
    """Answer for every model of this app."""
    contract.holds_nothing("support.Appeal", "the newsroom's own words")
    always = "as long as the newsroom"
    contract.key_file(
        "till.key",
        "desk and till",
        "no address; it opens the month's sums at the till, and all that counter.key opens",
        always,
    )
    contract.key_file(
        "counter.key", "counter and till",
        "no address; with it a contribution can be begun, and, with its manage link, seen and "
        "stopped, and a receipt asked for", always,
    )  # fmt: skip
    contract.key_file(
        "till-return.key", "till",
        "no address; with a browser's history the manage link of each payment begun there",
        always,
    )  # fmt: skip
    contract.fields("support.Appeal", dict.fromkeys(("id", "language", *APPEAL), OURS))
