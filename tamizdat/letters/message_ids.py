"""A letter's Message-ID: the same for the same letter, and telling nothing."""

from pathlib import Path

from tamizdat.readers import tokens


def message_id(keys: Path, sender: str, kind: str, about: str) -> str:
    """Return the Message-ID of a letter, with its angle brackets.

    It is made from what the letter is about with `letters.key`: a repetition has the same one, so
    that mailboxes can drop it (RFC 7352), and it tells nobody what the letter is about.

    Raises:
        KeysError: `letters.key` is missing or damaged.
    """
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{tokens.derived(keys, f'message|{kind}|{about}')[:40]}@{domain}>"
