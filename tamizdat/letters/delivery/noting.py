"""What became of letters, noted even if the database is away at that moment.

A letter that was handed over while the database could not be reached is known to have gone, but
only by this process. It is kept here and noted as soon as that works, so that it is not repeated.
"""

from collections.abc import Callable

from django.db import Error

_unnoted: list[Callable[[], object]] = []


def note(settle: Callable[[], object]) -> None:
    """Note something. If the database does not take it, it is kept for later.

    `settle` must do nothing where the letter is not ours any more (`outbox.settle` does).

    Raises:
        django.db.Error: the database did not take it.
    """
    try:
        settle()
    except Error:
        _unnoted.append(settle)
        raise


def note_what_is_known() -> None:
    """Note what could not be noted before.

    Raises:
        django.db.Error: the database still does not take it.
    """
    while _unnoted:
        _unnoted[0]()
        del _unnoted[0]
