"""Text that somebody can see."""

from unicodedata import category

SEEN = "LNPS"  # letters, numbers, punctuation and symbols; marks stand on one of these


def is_visible(text: str) -> bool:
    """Say whether anything of a text is seen: joiners and blanks alone are nothing to read."""
    return any(category(sign)[0] in SEEN for sign in text)
