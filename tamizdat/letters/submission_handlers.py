"""What letters do with the submissions that concern them: a sign-up is answered with a letter."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings

from tamizdat.letters.confirmations import KIND
from tamizdat.readers import expiring
from tamizdat.readers.submissions import registry
from tamizdat.readers.submissions.registry import Submission


def register_handlers() -> None:
    """Act on sign-ups that the counter took in, and on those that nobody confirmed."""
    registry.register("subscribe", _sign_up)
    expiring.also(_forget)
    expiring.unless(_waiting)


def _sign_up(submission: Submission, at: datetime) -> None:
    """Note the sign-up and queue its letter, in the one transaction of the collection."""
    from tamizdat.letters import outbox
    from tamizdat.readers import actions

    expected = actions.expect(submission, settings.NEWSROOM.keys, at)
    words = outbox.Words(KIND, expected.language)
    to = outbox.Addressed(None, expected.copy)
    outbox.queue(KIND, expected.id.hex, to, words, at)


def _forget(pendings: Collection[UUID]) -> None:
    """Delete the letters of these sign-ups, and their unattended copies: addresses are in them."""
    from tamizdat.letters.models import Letter
    from tamizdat.readers.models import UnattendedCopy

    letters = Letter.objects.filter(kind=KIND, about__in=[each.hex for each in pendings])
    copies = list(letters.filter(copy__isnull=False).values_list("copy", flat=True))
    letters.delete()
    UnattendedCopy.objects.filter(pk__in=copies).delete()


def _waiting(pendings: Collection[UUID]) -> Collection[UUID]:
    """Return the sign-ups whose letter could not be handed over yet: nobody could confirm."""
    from tamizdat.letters import outbox
    from tamizdat.letters.models import Letter

    abouts = [each.hex for each in pendings]
    open_ones = Letter.objects.filter(kind=KIND, about__in=abouts).exclude(state__in=outbox.DONE)
    return [UUID(about) for about in open_ones.values_list("about", flat=True)]
