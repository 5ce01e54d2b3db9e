"""What the books hold, field by field: what was given, and nothing about who gave it."""

from tamizdat.readers.privacy import contract
from tamizdat.readers.privacy.contract import OURS, RANDOM, TOKEN, Fate, plain, time

SERVICE = Fate("random", "the payment service's books, which know the card")


def register_fates() -> None:
    """Answer for every field of this app."""
    money = {"minor": plain("the amount"), "currency": plain("the amount")}
    contract.fields(
        "till.Contribution",
        {
            "key": SERVICE, "ref": SERVICE, "provider": OURS, "token_hash": TOKEN, **money,
            "interval": plain("once, monthly or annually"), "country": plain("country of the card"),
            "state": OURS, "version": OURS, "reason": OURS, "month": time("month"),
            "open_since": time("moment"), "to_stop": OURS,
            "receipt_wished": plain("whether a receipt was wished for"),
        },
    )  # fmt: skip
    contract.fields(
        "till.Charge",
        {"id": plain("which came before which"), "contribution": RANDOM, "provider": OURS,
         "ref": SERVICE, **money, "month": time("month")},
    )  # fmt: skip
    contract.fields("till.Refusals", dict.fromkeys(("id", "day", "reason", "count"), OURS))
    contract.fields(
        "till.UnmatchedCharge",
        {
            "id": plain("which came before which"),
            "provider": OURS,
            "ref": SERVICE,
            "month": time("month"),
        },
    )
    contract.fields("till.Cursor", dict.fromkeys(("provider", "cursor"), OURS))
