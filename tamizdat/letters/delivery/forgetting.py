"""Find everything sealed that has one address, and delete it. Only the reader key can."""

from collections.abc import Callable, Iterable

from tamizdat.letters import outbox
from tamizdat.letters.delivery.openers import Openers
from tamizdat.letters.models import Letter
from tamizdat.readers import addresses, expiring, waiting
from tamizdat.readers.models import Pending, SealedRecord
from tamizdat.readers.opening import OpeningError, open_record, open_sealed


def forget_everything(rows: Iterable[SealedRecord], mailbox: str, unlocked: Openers) -> None:
    """Delete these records, and the sign-ups and waiting letters of the same mailbox."""
    for row in rows:
        waiting.forget(row)
    _forget_sign_ups(mailbox, unlocked)
    _forget_letters(mailbox, unlocked)


def _forget_sign_ups(mailbox: str, unlocked: Openers) -> None:
    reader = unlocked.reader
    assert reader is not None
    open_ones = Pending.objects.values_list("pk", "sealed")
    theirs = [
        pk
        for pk, sealed in open_ones
        if _is_of(mailbox, unlocked, lambda raw=bytes(sealed): open_sealed(raw, reader))
    ]
    expiring.forget_with(theirs)
    Pending.objects.filter(pk__in=theirs).delete()


def _forget_letters(mailbox: str, unlocked: Openers) -> None:
    reader = unlocked.reader
    assert reader is not None
    open_ones = Letter.objects.filter(state__in=outbox.DUE, sealed__isnull=False)
    theirs = [
        pk
        for pk, sealed in open_ones.values_list("pk", "sealed")
        if _is_of(mailbox, unlocked, lambda raw=bytes(sealed): open_record(raw, reader).address)
    ]
    outbox.suppress(theirs)


def _is_of(mailbox: str, unlocked: Openers, open_: Callable[[], str]) -> bool:
    try:
        return addresses.tag(unlocked.duplicates, open_()) == mailbox
    except OpeningError:
        return False
