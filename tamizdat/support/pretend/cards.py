"""The cards that the pretend service knows, each with one behaviour. No real card is among them."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Behaviour = Literal["pays", "declines", "lacks", "asks", "pays_once", "settles"]


LISTED = "listed"  # stands for a country whose cards the newsroom refuses, whichever that is


@dataclass(frozen=True, slots=True)
class Card:
    """A test card. `country` is where its bank is; `about` stands beside it on the page."""

    number: str
    country: str | None
    does: Behaviour
    about: str

    @property
    def written(self) -> str:
        return " ".join(self.number[n : n + 4] for n in range(0, 16, 4))


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "FR", "pays", "pays"),
        Card("5555555555554444", "DE", "pays", "pays"),
        Card("4000000000000002", "FR", "declines", "is declined by its bank"),
        Card("4000000000009995", "FR", "lacks", "has too little money on it"),
        Card("4000002500003155", "FR", "asks", "asks for a confirmation first (3-D Secure)"),
        Card("4000006430000009", LISTED, "pays", "comes from a country we must refuse"),
        Card("4000000000000010", None, "pays", "does not say which country it comes from"),
        Card("4000000000000341", "FR", "pays_once", "pays once, then fails when renewed"),
        Card("4000000000000077", "FR", "settles", "is paid only an hour later"),
    )
}


def find(typed: str) -> Card | None:
    """Return the test card of a number as typed, with spaces or in any script's digits."""
    digits = (unicodedata.decimal(sign, None) for sign in typed)
    return CARDS.get("".join(str(digit) for digit in digits if digit is not None))
