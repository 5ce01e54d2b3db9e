"""The last word of an address, in plain Latin letters from any script."""

import re

from anyascii import anyascii

LONGEST = 60


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
    return whole or otherwise
