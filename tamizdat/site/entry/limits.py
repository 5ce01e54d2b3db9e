"""How much a request to a role may send, and how long that may take."""

from dataclasses import dataclass

FORM = 20_000  # bytes; our longest form, filled to its limits, is a quarter of it
PICTURE = 61_000_000  # bytes; WAGTAILIMAGES_MAX_UPLOAD_SIZE and the form around it
IN_MEMORY = 1_000_000  # bytes of one body or answer; the rest goes to an unnamed file


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one role.

    A body may take `grace_s` seconds and one more for every `rate` bytes that have arrived:
    a slow line may go on, a sender that only holds its place may not.
    """

    body: int
    rate: int  # bytes a second
    held: int  # bytes that have arrived of all bodies that are being received or answered
    for_forms: int = 0  # of these, so many are for bodies that stay in memory
    grace_s: float = 10.0
    threads: int = 4
    waiting: int = 128  # complete requests that wait for a thread


PUBLIC = Limits(body=FORM, rate=2_000, held=80_000_000)  # at most 20 s
DESK = Limits(body=PICTURE, rate=8_000, held=1_000_000_000, for_forms=100_000_000)


def of_role(role: str) -> Limits:
    """Return the limits of desk, counter or till."""
    return DESK if role == "desk" else PUBLIC
