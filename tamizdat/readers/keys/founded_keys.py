"""The keys that this newsroom was founded with: a file with another one is never used as if ours.

A backup of another newsroom, put into keys/ by mistake, would have readers sealed to a key that
nobody here has, links printed that never work, and all that the desk sealed taken for a forger's
and deleted. So whatever the desk seals, links or opens gets its key here. With a wrong file it
fails, and what it was about waits in its row.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import Error as DatabaseError
from django.db import connection

from tamizdat.lib.alerts import Alert, clear, raise_alert
from tamizdat.lib.shallow_json import loads
from tamizdat.lib.users import open_it, why_closed
from tamizdat.readers import keys, tokens
from tamizdat.readers.counter.models import Published
from tamizdat.readers.keys import ForeignKeyError
from tamizdat.readers.models import FoundedKey, Pending, SealedRecord, Subscription

FOREIGN = "It is not the key that this newsroom was founded with: another newsroom's, perhaps."
IF_OURS = "If you think that it is, unlock the reader key: what the desk sealed shows it."
READER_PUBLIC, LETTERS_KEY = "reader.public", "letters.key"
AT_ONCE = 500  # rows of one query
_UNKNOWN = ""  # remembered where the file was a wrong one from the beginning
#: Rows that keep the hash of a token: what the token is about, the hash, and what the token is for.
_TOKENS = (
    (Subscription, "key", "leave_token", tokens.LEAVE),
    (SealedRecord, "pk", "reply", tokens.REPLY),
    (Pending, "pk", "token", tokens.CONFIRM),
)
_READ: Mapping[str, Callable[[Path], bytes]] = {
    READER_PUBLIC: lambda folder: keys.reader_public(folder).raw,
    LETTERS_KEY: keys.letters_key,
}
_MEANWHILE = {
    READER_PUBLIC: "What readers send waits. The counter goes on sealing to the key that it had, "
    "and no other is published.",
    LETTERS_KEY: "Letters wait. What waits sealed is neither answered nor deleted.",
}

_OR = {LETTERS_KEY: " If no backup has it, move away what lies there and use `tamizdat resetkey`."}


def reader_public(folder: Path) -> keys.PublicKey:
    """Return the public half of the reader key, to which all is sealed that lasts.

    Raises:
        KeysError: it is missing, damaged or another newsroom's.
    """
    key = keys.reader_public(folder)
    _must_be_ours(READER_PUBLIC, key.raw)
    return key


def letters_key(folder: Path) -> bytes:
    """Return the secret of which links, tokens and the desk's mark are made.

    Raises:
        KeysError: it is missing, damaged or another newsroom's.
    """
    secret = keys.letters_key(folder)
    _must_be_ours(LETTERS_KEY, secret)
    return secret


def must_open_ours(secret: bytearray) -> None:
    """Refuse the private half of another newsroom's reader key: nothing of ours would open.

    It may be asked in a thread that ends afterwards, so it leaves no connection behind.

    Raises:
        ForeignKeyError: it is another newsroom's.
        django.db.Error: the desk's database is away.
    """
    try:
        _must_be_ours(READER_PUBLIC, keys.public_of(secret))
    finally:
        if not connection.in_atomic_block:
            connection.close()


def remember(folder: Path) -> None:
    """Remember the keys of a newsroom that is founded, or that an older program founded.

    What is remembered once stays. What the file says is believed only if it agrees with what the
    desk holds already: the key that it published to the counter, the hashes of tokens. A file that
    is missing or damaged is remembered later, and so is one while a database is away.

    A letters.key that made none of the tokens is not ours. That does not end by itself, where every
    row that could tell is gone. Then at an unlock the desk's mark tells (`letters.delivery`),
    another file proves itself, or `tamizdat resetkey` is used.
    """
    for name in _READ:
        known = FoundedKey.objects.filter(name=name).first()
        if known is None or known.digest == _UNKNOWN:
            with suppress(keys.KeysError, DatabaseError):
                digest = _first_digest(folder, name, was_wrong=known is not None)
                FoundedKey.objects.update_or_create(name=name, defaults={"digest": digest})


def replace(name: str, raw: bytes) -> None:
    """Remember another key: the old one is lost for good, and somebody says so."""
    FoundedKey.objects.update_or_create(name=name, defaults={"digest": _digest(name, raw)})


def knows(name: str, raw: bytes) -> bool:
    """Say whether this very key is remembered."""
    return FoundedKey.objects.filter(name=name, digest=_digest(name, raw)).exists()


def unproven_letters_key(folder: Path) -> bytes | None:
    """Return what letters.key holds while nothing here says that it is ours; None while it does.

    So long it is used for nothing. A key that is known to be another one is None, too.

    Raises:
        KeysError: it is missing or damaged.
    """
    known = FoundedKey.objects.filter(name=LETTERS_KEY).first()
    if known is not None and known.digest != _UNKNOWN:
        return None
    raw = keys.letters_key(folder)
    return None if _made_our_tokens(raw) else raw


def is_ours(folder: Path, name: str) -> bool:
    """Say whether a key file holds what is remembered of it.

    Where nothing is, a letters.key is not ours that made none of the tokens whose hashes we keep.

    Raises:
        KeysError: it is missing or damaged.
    """
    return _is_ours(name, _READ[name](folder))


def verified(data: Path, folder: Path, name: str, at: datetime) -> bool:
    """Return whether a key file is there, whole and ours; an alert says what is wrong with it."""
    try:
        told = None if is_ours(folder, name) else _alert(name, FOREIGN, also(folder, name))
    except keys.KeysError as error:
        is_closed = isinstance(error.__cause__, PermissionError)
        told = _closed(folder, name) if is_closed else _alert(name, str(error))
    if told:
        raise_alert(data, told, at)
    else:
        clear(data, _key(name))
    return told is None


def also(folder: Path, name: str) -> str:
    """Return what else to do about a file that is not ours, with a blank before it; perhaps "".

    Raises:
        KeysError: it is missing or damaged by now.
    """
    is_open = name == LETTERS_KEY and unproven_letters_key(folder) is not None
    return f" {IF_OURS}" if is_open else ""


def fault(folder: Path, name: str) -> str:
    """Return in a sentence what is wrong with a key file; "" for nothing."""
    try:
        return "" if is_ours(folder, name) else FOREIGN
    except keys.KeysError as error:
        return str(error)


def faults(folder: Path) -> Mapping[str, str]:
    """Return what is wrong with each of these files, by name; nothing of those that are right."""
    return {name: why for name in _READ if (why := fault(folder, name))}


def _must_be_ours(name: str, raw: bytes) -> None:
    if not _is_ours(name, raw):
        raise ForeignKeyError(f"keys/{name} does not hold this newsroom's key.")


def _is_ours(name: str, raw: bytes) -> bool:
    known = FoundedKey.objects.filter(name=name).first()
    if known is None:
        return name != LETTERS_KEY or _made_our_tokens(raw) is not False
    if known.digest == _UNKNOWN:
        return _made_our_tokens(raw) is True
    return known.digest == _digest(name, raw)


def _first_digest(folder: Path, name: str, *, was_wrong: bool) -> str:
    """Return what is to be remembered of a key for ever.

    Raises:
        KeysError: its file is missing or damaged.
        django.db.Error: a database is away.
    """
    if name == READER_PUBLIC and (published := _published()):
        return _digest(name, published)
    raw = _READ[name](folder)
    if name == LETTERS_KEY:
        is_proven = _made_our_tokens(raw)
        if is_proven is False or (is_proven is None and was_wrong):
            return _UNKNOWN
    return _digest(name, raw)


def _published() -> bytes | None:
    """Return the reader key that the desk told the counter; None before it told any."""
    text = Published.objects.filter(name="keys").values_list("text", flat=True).first()
    with suppress(KeyError, TypeError, ValueError):
        return b64decode(loads(text or "{}")["reader"], validate=True)
    return None


def _made_our_tokens(letters_key: bytes) -> bool | None:
    """Say whether it made any token whose hash the desk keeps; None where the desk keeps none.

    All are tried, the newest subscriptions first, until one fits: a key that replaced a lost one
    long ago made none of the oldest.
    """
    is_empty = True
    for model, about, column, purpose in _TOKENS:
        rows = model._default_manager.order_by("-pk").values_list("pk", about, column)  # noqa: SLF001  Django's own name
        portion = list(rows[:AT_ONCE])
        while portion:
            is_empty = False
            for _, key, kept in portion:
                if tokens.digest(tokens.token(letters_key, purpose, key.hex)) == kept:
                    return True
            portion = list(rows.filter(pk__lt=portion[-1][0])[:AT_ONCE])
    return None if is_empty else False


def _digest(name: str, raw: bytes) -> str:
    return sha256(f"tamizdat {name} ".encode() + raw).hexdigest()


def _key(name: str) -> str:
    return f"key-{name.replace('.', '-')}"


def _alert(name: str, why: str, more: str = "") -> Alert:
    return Alert(
        _key(name),
        f"The file keys/{name} does not hold this newsroom's key.",
        why,
        f"Put this newsroom's own file back from its backup.{more} {_MEANWHILE[name]}"
        f"{_OR.get(name, '')}",
    )


def _closed(folder: Path, name: str) -> Alert:
    path = folder / name
    return Alert(
        _key(name),
        f"The file keys/{name} cannot be read by this user.",
        why_closed(path),
        f"{open_it(path, folder)} {_MEANWHILE[name]}",
    )
