"""Text that somebody can see."""

from unicodedata import category

SEEN = "LNPS"  # letters, numbers, punctuation and symbols; marks stand on one of these
#: Letters and a symbol that are blank: the fillers of Hangul and the empty pattern of Braille.
BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def is_visible(text: str) -> bool:
    """Say whether anything of a text is seen: joiners and blanks alone are nothing to read."""
    return any(category(sign)[0] in SEEN and sign not in BLANK for sign in text)
