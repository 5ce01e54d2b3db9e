"""What support holds about readers at the desk: nothing. Its wishes are sealed records."""

from tamizdat.readers import contract
from tamizdat.readers.contract import OURS

APPEAL = ("strip", "heading", "message", "signed", "safe_heading", "safe_message", "declaration")


def register_holdings() -> None:
    """Answer for every model of this app."""
    contract.holds_nothing("support.Appeal", "the newsroom's own words")
    contract.fields("support.Appeal", dict.fromkeys(("id", "language", *APPEAL), OURS))
