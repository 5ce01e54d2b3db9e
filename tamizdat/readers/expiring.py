"""What goes together with a sign-up that nobody confirmed in time, and what keeps it."""

from collections.abc import Callable, Collection
from uuid import UUID

Forget = Callable[[Collection[UUID]], None]
Waiting = Callable[[Collection[UUID]], Collection[UUID]]

_listeners: list[Forget] = []
_keepers: list[Waiting] = []


def also(forget: Forget) -> None:
    """Let `forget` delete what else is held of sign-ups. Each app does this once, at its start.

    It runs inside the transaction that forgets them: an address never outlives its sign-up.
    """
    if forget not in _listeners:
        _listeners.append(forget)


def unless(waiting: Waiting) -> None:
    """Let `waiting` say which of these sign-ups nobody could be asked about yet."""
    if waiting not in _keepers:
        _keepers.append(waiting)


def over(pendings: Collection[UUID]) -> list[UUID]:
    """Return those of the sign-ups that nothing keeps."""
    kept = {one for waiting in _keepers for one in waiting(pendings)}
    return [one for one in pendings if one not in kept]


def forget_with(pendings: Collection[UUID]) -> None:
    """Delete what all rooms hold of these sign-ups."""
    for forget in _listeners:
        forget(pendings)
