"""What became of letters, noted even if that fails at first.

A letter that was handed over while the database could not be reached is known to have gone, but
only by this process. It is kept here and noted as soon as that works, so that it is not repeated.
"""

from collections.abc import Callable

from tamizdat.lib.database_trouble import trouble

_unnoted: dict[int, Callable[[], object]] = {}


class UnnotedError(Exception):
    """What became of a letter could not be noted, though the database answers. It is kept."""


def note(letter: int, settle: Callable[[], object]) -> None:
    """Note what became of a letter. If that fails it is kept for later.

    `settle` must do nothing where the letter is not ours any more (`outbox.settle` does).

    Raises:
        django.db.Error: the database is lost.
        UnnotedError: it failed with this letter.
    """
    try:
        settle()
    except Exception as error:
        _unnoted[letter] = settle
        if trouble(error):
            raise
        raise UnnotedError from error


def note_what_is_known() -> None:
    """Note what could not be noted before. A letter with which that fails again holds up no other.

    Raises:
        django.db.Error: the database is lost.
    """
    for letter, settle in list(_unnoted.items()):
        try:
            settle()
        except Exception as error:
            if trouble(error):
                raise
        else:
            del _unnoted[letter]


def is_known(letter: int) -> bool:
    """Say whether this process knows what became of a letter, and could not note it yet."""
    return letter in _unnoted
