"""The link by which a reader leaves: each letter has its own, a frozen issue a stand-in for it.

The stand-in is drawn when the issue is frozen, and shown to nobody. Whatever somebody wrote into an
article, a greeting or a template, it is not that: so a reader's link stands where the template put
one, and nowhere else. In somebody else's address it would tell a stranger how to unsubscribe them.
"""

from secrets import token_hex
from uuid import UUID

from tamizdat.letters.content.writing import Written
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import tokens
from tamizdat.readers.keys import founded_keys

#: What an issue shows at the desk, where nobody leaves. It is never replaced.
SHOWN = "https://leave.invalid/"


def stand_in() -> str:
    """Return an address that nobody can have written, for an issue that is frozen now."""
    return f"https://{token_hex(16)}.invalid/"


def href(newsroom: Newsroom, language: str, subscription: UUID) -> str:
    """Return the address at the counter where this subscription ends. Old letters keep theirs.

    Raises:
        KeysError: `letters.key` is missing or damaged.
    """
    token = tokens.token(founded_keys.letters_key(newsroom.keys), "leave", subscription.hex)
    return f"{newsroom.addresses.counter}/{language}/leave/{token}"


def put_in(written: Written, issue_stand_in: str, leave: str) -> Written:
    """Return the letter of a frozen issue with a reader's own link."""
    assert issue_stand_in, "every frozen issue has one"
    return Written(
        written.subject,
        written.text.replace(issue_stand_in, leave),
        written.html.replace(issue_stand_in, leave),
    )
