"""Whether two colours can be told apart by everybody: WCAG 2.2, "contrast ratio"."""

BODY = 4.5  # AA for text of any size (success criterion 1.4.3)
_STRAIGHT = 0.04045  # WCAG prints 0.03928; no colour of 8 bits lies between the two


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours like "#962318": from 1.0 (the same) to 21.0."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of "#rrggbb", from 0.0 (black) to 1.0 (white)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable_on(background: str) -> str:
    """Return the colour of letters on a button: white, or near-black where that reads better."""
    return max("#ffffff", "#161513", key=lambda ink: ratio(ink, background))


def _linear(share: float) -> float:
    return share / 12.92 if share <= _STRAIGHT else float(((share + 0.055) / 1.055) ** 2.4)
