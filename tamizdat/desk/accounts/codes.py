"""Codes of an authenticator app: which one was typed, and when one code is not enough.

Nobody is locked out. Whoever knows a colleague's password can type as many wrong codes as they
like; if that used up a number of tries, the colleague could not sign in either. So after ALONE
wrong codes in a day a single code no longer counts, right or wrong, and two in a row are asked
for: guessing those is a million times harder, and for their owner it is a wait of half a minute.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from allauth.mfa.totp.internal import auth

ALONE = 20  # a guess is right once in a million: 20 a day are 0.7 % in a year
WITHIN = timedelta(days=1)
DIGITS = 6
RECOVERY_DIGITS = 8


def parts(typed: str) -> list[str]:
    """Return the codes that were typed: one or two of an app, one or two recovery codes, or none.

    Spaces and strokes do not matter, nor whether the digits are Latin or Persian.
    """
    digits = "".join(str(int(sign)) for sign in typed if sign.isdecimal())
    for size in (DIGITS, RECOVERY_DIGITS):
        if len(digits) in (size, 2 * size):
            return [digits[start : start + size] for start in range(0, len(digits), size)]
    return []


def shown_at(secret: str, codes: Sequence[str], counters: Iterable[int]) -> int | None:
    """Return the period (of 30 seconds) in which the app showed the last of these codes.

    None if it did not show them one after the other, ending in one of `counters`.
    """
    for counter in counters:
        first = counter - len(codes) + 1
        in_a_row = [
            auth.format_hotp_value(auth.hotp_value(secret, n)) for n in range(first, counter + 1)
        ]
        if list(codes) == in_a_row:
            return counter
    return None


def one_is_enough(wrong: int, since: datetime | None, at: datetime) -> bool:
    """Return whether a single code counts, after so many wrong ones since then."""
    return wrong < ALONE or is_forgotten(since, at)


def is_forgotten(since: datetime | None, at: datetime) -> bool:
    """Return whether wrong codes that began then are too old to count.

    Those that a clock noted when it was ahead do not count either: nobody is kept out for a year.
    """
    return since is None or abs(at - since) >= WITHIN
