"""What goes together with a sign-up that nobody confirmed in time."""

from collections.abc import Callable, Collection
from uuid import UUID

Forget = Callable[[Collection[UUID]], None]

_listeners: list[Forget] = []


def also(forget: Forget) -> None:
    """Let `forget` delete what else is held of sign-ups. Each app does this once, at its start.

    It runs inside the transaction that forgets them: an address never outlives its sign-up.
    """
    if forget not in _listeners:
        _listeners.append(forget)


def forget_with(pendings: Collection[UUID]) -> None:
    """Delete what all rooms hold of these sign-ups."""
    for forget in _listeners:
        forget(pendings)
