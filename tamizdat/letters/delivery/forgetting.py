"""Find everything sealed that has one address, and delete it. Only the reader key can."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from tamizdat.letters import outbox
from tamizdat.letters.delivery.round_keys import RoundKeys
from tamizdat.letters.models import Letter
from tamizdat.lib.batches import batches
from tamizdat.readers import expiring
from tamizdat.readers.mailboxes import addresses
from tamizdat.readers.models import Pending, Reader, SealedRecord
from tamizdat.readers.privacy import contract
from tamizdat.readers.sealed_records import store
from tamizdat.readers.sealing.opening import OpeningError, open_record, open_sealed

AT_ONCE = 500  # rows of one query
Tag = Callable[[bytes, str], str]  # says which addresses are one
Rows = Mapping[str, Sequence[Any]]  # ids of rows, by that tag


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of addresses beside sealed records: readers, sign-ups, letters that wait."""

    sign_ups: Rows
    letters: Rows
    readers: Rows = field(default_factory=dict)

    def forget(self, tag: str) -> None:
        """Delete what is held under one tag. Call it in a transaction."""
        theirs = Q(pk__in=self.readers.get(tag, ())) | Q(tag=tag)
        for reader in Reader.objects.filter(theirs):
            contract.forget(reader)
        sign_ups = self.sign_ups.get(tag, ())
        expiring.forget_with(sign_ups)
        Pending.objects.filter(pk__in=sign_ups).delete()
        outbox.suppress(self.letters.get(tag, ()))


def held_by_tag(unlocked: RoundKeys) -> Held:
    """Open all sign-ups and letters, and return what is held by `Wish.mailbox`.

    A reader who has a tag is found by that (`Held.forget`). Only those who have none are opened.

    Raises:
        EndedError: the reader key was locked meanwhile.
    """
    tag = addresses.tag
    return Held(_sign_ups(unlocked, tag), _letters(unlocked, tag), without_tag(unlocked))


def without_tag(unlocked: RoundKeys) -> Rows:
    """Return the readers without a tag by `Wish.mailbox`: those whose comparing has failed.

    Raises:
        EndedError: the reader key was locked meanwhile.
    """
    return _open(Reader.objects.filter(tag__isnull=True), _address, addresses.tag, unlocked)


def held_by_limit(unlocked: RoundKeys) -> Held:
    """Open every address that is held, and return all by `Wish.limit`: each spelling is found.

    It takes a second for some ten thousand readers: do it once for many mailboxes, and outside a
    transaction, for which others would have to wait.

    Raises:
        EndedError: the reader key was locked meanwhile.
    """
    tag = addresses.limit_tag
    readers = _open(Reader.objects.all(), _address, tag, unlocked)
    return Held(_sign_ups(unlocked, tag), _letters(unlocked, tag), readers)


def forget_everything(rows: Iterable[SealedRecord], tag: str, held: Held) -> None:
    """Delete these records, and all that is held under a tag beside: of the kind that `held` has.

    Call it in a transaction, so that nothing is half done.
    """
    store.forget_all(rows)
    held.forget(tag)


def _sign_ups(unlocked: RoundKeys, tag: Tag) -> Rows:
    return _open(Pending.objects.all(), _address, tag, unlocked)


def _letters(unlocked: RoundKeys, tag: Tag) -> Rows:
    found = Letter.objects.filter(state__in=outbox.DUE, sealed__isnull=False)
    return _open(found, _address_of_record, tag, unlocked)


def _open(
    found: QuerySet[Any], address: Callable[[bytes, RoundKeys], str], tag: Tag, unlocked: RoundKeys
) -> Rows:
    """Return ids by the tag of the address in each row; what does not open is left out."""
    opened = defaultdict(list)
    numbers = list(found.order_by("pk").values_list("pk", flat=True))
    for some in batches(numbers, AT_ONCE):
        portion = found.filter(pk__in=some)
        for pk, sealed in list(portion.values_list("pk", "sealed")):
            unlocked.check()
            with suppress(OpeningError):
                opened[tag(unlocked.duplicates, address(bytes(sealed), unlocked))].append(pk)
    return opened


def _address(sealed: bytes, unlocked: RoundKeys) -> str:
    assert unlocked.reader is not None
    return open_sealed(sealed, unlocked.reader)


def _address_of_record(sealed: bytes, unlocked: RoundKeys) -> str:
    assert unlocked.reader is not None
    return open_record(sealed, unlocked.reader).address
