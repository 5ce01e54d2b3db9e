"""Find everything sealed that has one address, and delete it. Only the reader key can."""

from collections.abc import Callable, Iterable

from tamizdat.letters import outbox
from tamizdat.letters.delivery.openers import Openers
from tamizdat.letters.models import Letter
from tamizdat.readers import addresses, expiring, waiting
from tamizdat.readers.models import Pending, SealedRecord
from tamizdat.readers.opening import OpeningError, open_record, open_sealed


def forget_everything(rows: Iterable[SealedRecord], mailbox: str, unlocked: Openers) -> None:
    """Delete these records, and the sign-ups and waiting letters of the same mailbox.

    Call it in a transaction, so that nothing is half done.

    Raises:
        EndedError: the reader key was locked meanwhile.
    """
    for row in rows:
        waiting.forget(row)
    _forget_sign_ups(mailbox, unlocked)
    _forget_letters(mailbox, unlocked)


def _forget_sign_ups(mailbox: str, unlocked: Openers) -> None:
    def address(sealed: bytes) -> str:
        assert unlocked.reader is not None
        return open_sealed(sealed, unlocked.reader)

    found = Pending.objects.values_list("pk", "sealed")
    theirs = [pk for pk, sealed in found if _is_of(mailbox, unlocked, address, sealed)]
    expiring.forget_with(theirs)
    Pending.objects.filter(pk__in=theirs).delete()


def _forget_letters(mailbox: str, unlocked: Openers) -> None:
    def address(sealed: bytes) -> str:
        assert unlocked.reader is not None
        return open_record(sealed, unlocked.reader).address

    found = Letter.objects.filter(state__in=outbox.DUE, sealed__isnull=False)
    rows = found.values_list("pk", "sealed")
    outbox.suppress(pk for pk, sealed in rows if _is_of(mailbox, unlocked, address, sealed))


def _is_of(
    mailbox: str,
    unlocked: Openers,
    address: Callable[[bytes], str],
    sealed: bytes | memoryview | None,
) -> bool:
    unlocked.check()
    try:
        return addresses.tag(unlocked.duplicates, address(bytes(sealed or b""))) == mailbox
    except OpeningError:
        return False
