"""The last word of an address, in plain Latin letters from any script."""

import re

from anyascii import anyascii

LONGEST = 60
LONGEST_TYPED = 120  # with language, year and month a path stays under 200 bytes
# What Windows keeps for devices: no file of this name can be copied there, whatever its ending.
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)
_TYPED = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
_FIT = re.compile(r"[a-z0-9_-]+")  # what imports kept from elsewhere, too


def slug(text: str, otherwise: str = "") -> str:
    """Return `text` as an address shows it: "Суд отпустил четверых" is "sud-otpustil-chetverykh".

    Addresses are typed, read aloud and carried by systems that mangle other scripts, so only
    a-z, 0-9 and hyphens are used. It is cut between words. `otherwise` stands in for a text of
    which nothing is left.
    """
    words = re.findall(r"[a-z0-9]+", anyascii(text).lower().replace("'", ""))
    whole = ""
    for word in words:
        longer = f"{whole}-{word}" if whole else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        whole = longer
    return f"{whole}-1" if whole in DEVICES else whole or otherwise


def fault(typed: str) -> str:
    """Return what is wrong with a slug that somebody typed, as a sentence; "" for nothing."""
    if not _TYPED.fullmatch(typed):
        return (
            "Use the letters a to z, digits, and hyphens between them: addresses have to survive "
            "being typed, read aloud and copied to any disk."
        )
    return _unfit_name(typed)


def unfit(kept: str) -> str:
    """Return why no file of the edition can have this name, as a sentence; "" if one can."""
    if not _FIT.fullmatch(kept):
        return "The end of the address holds more than the letters a to z, digits and hyphens."
    return _unfit_name(kept)


def _unfit_name(name: str) -> str:
    if name in DEVICES:
        return f"Windows keeps “{name}” for a device, so no copy could hold this page."
    if len(name) > LONGEST_TYPED:
        return f"This is too long for a file's name: at most {LONGEST_TYPED} characters."
    return ""
