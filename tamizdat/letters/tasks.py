"""What letters do while nobody looks."""

from datetime import datetime

from django.conf import settings

from tamizdat.letters import alert_letters, delivery, mailbox
from tamizdat.letters.actions import finishing, newsletters
from tamizdat.letters.delivery import merging, sealed_records
from tamizdat.lib.wake import wake
from tamizdat.readers import erasing


def sweep(at: datetime) -> None:
    """Look at sealed records, hand over what is due, forget what is done. Tell the counter, too.

    A round hands over a limited number; while there is more it wakes the loop again, so that
    everything else gets its turn in between.
    """
    mailbox.forget(settings.NEWSROOM, at)
    newsletters.sweep(at)
    alert_letters.queue_due(at)
    if write(at) >= delivery.AT_ONCE:
        wake(settings.NEWSROOM, "letters")
    erasing.erase()


def write(at: datetime) -> int:
    """Answer what waits and hand over what is due; return how many letters were dealt with.

    The records come first: a look counts letters before the buttons that were pressed in them.
    """
    sealed_records.look(at)
    merging.merge_readers(at)
    done = delivery.deliver_due(at)
    finishing.finish(at)
    return done
