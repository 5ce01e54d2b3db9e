"""What readers have done for them while nobody looks."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from tamizdat.readers import actions, collecting, publishing, unanswered, waiting


def sweep(at: datetime) -> None:
    """Change keys, collect what the counter took in, forget what is over.

    What is over is forgotten though the counter's database is away: that was promised. The first
    failure is raised when all was tried.
    """
    failed: list[Exception] = []
    for step in STEPS:
        try:
            step(at)
        except Exception as error:  # noqa: BLE001  whatever it is, the other steps are due
            failed.append(error)
    if failed:
        raise failed[0]


def _change_keys(at: datetime) -> None:
    publishing.change_keys(settings.NEWSROOM.keys, at)


STEPS: tuple[Callable[[datetime], object], ...] = (
    _change_keys,
    collecting.collect,
    actions.expire,
    waiting.purge,
    unanswered.forget_over,
)
