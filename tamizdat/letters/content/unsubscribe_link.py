"""The link by which a reader leaves: frozen issues have a stand-in, each letter its own."""

from uuid import UUID

from tamizdat.letters.content.writing import Written
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import tokens
from tamizdat.readers.keys import founded_keys

STAND_IN = "https://leave.invalid/"


def href(newsroom: Newsroom, language: str, subscription: UUID) -> str:
    """Return the address at the counter where this subscription ends. Old letters keep theirs.

    Raises:
        KeysError: `letters.key` is missing or damaged.
    """
    token = tokens.token(founded_keys.letters_key(newsroom.keys), "leave", subscription.hex)
    return f"{newsroom.addresses.counter}/{language}/leave/{token}"


def put_in(written: Written, leave: str) -> Written:
    """Return the letter with a reader's own link."""
    return Written(
        written.subject,
        written.text.replace(STAND_IN, leave),
        written.html.replace(STAND_IN, leave),
    )
