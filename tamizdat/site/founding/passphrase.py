"""A passphrase that can be written down and typed."""

import secrets

SYLLABLES = [a + b for a in "bdfghjklmnprstvz" for b in "aeiou"]


def fresh(words: int = 6) -> str:
    """Return a new passphrase of six made-up words, each of three syllables (113 bits)."""
    return "-".join("".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(words))
