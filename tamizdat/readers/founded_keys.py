"""The keys that this newsroom was founded with: a file with another one is never used as if ours.

A backup of another newsroom, put into keys/ by mistake, would have readers sealed to a key that
nobody here has, and all that the desk sealed taken for a forger's and deleted.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tamizdat.lib.alerts import Alert, clear, raise_alert
from tamizdat.readers import keys
from tamizdat.readers.models import FoundedKey

FOREIGN = "It is not the key that this newsroom was founded with: another newsroom's, perhaps."
READER_PUBLIC, LETTERS_KEY = "reader.public", "letters.key"
_READ: Mapping[str, Callable[[Path], bytes]] = {
    READER_PUBLIC: lambda folder: keys.reader_public(folder).raw,
    LETTERS_KEY: lambda folder: keys.shared_secret(folder, LETTERS_KEY),
}
_MEANWHILE = {
    READER_PUBLIC: "The counter goes on sealing to the key that it had, and no other is published.",
    LETTERS_KEY: "What waits sealed is neither answered nor deleted.",
}


def remember(folder: Path) -> None:
    """Remember the keys of a newsroom that is founded, or that an older program founded.

    What is remembered once stays. A file that is missing or damaged is remembered later.
    """
    for name in _READ:
        with suppress(keys.KeysError):
            digest = _digest(folder, name)
            FoundedKey.objects.get_or_create(name=name, defaults={"digest": digest})


def is_ours(folder: Path, name: str) -> bool:
    """Say whether a key file holds what is remembered of it; True where nothing is.

    Raises:
        KeysError: it is missing or damaged.
    """
    known = FoundedKey.objects.filter(name=name).first()
    digest = _digest(folder, name)
    return known is None or known.digest == digest


def verified(data: Path, folder: Path, name: str, at: datetime) -> bool:
    """Return whether a key file is there, whole and ours; an alert says what is wrong with it."""
    why = fault(folder, name)
    if why:
        raise_alert(data, _alert(name, why), at)
    else:
        clear(data, _key(name))
    return not why


def fault(folder: Path, name: str) -> str:
    """Return in a sentence what is wrong with a key file; "" for nothing."""
    try:
        return "" if is_ours(folder, name) else FOREIGN
    except keys.KeysError as error:
        return str(error)


def faults(folder: Path) -> Mapping[str, str]:
    """Return what is wrong with each of these files, by name; nothing of those that are right."""
    return {name: why for name in _READ if (why := fault(folder, name))}


def _digest(folder: Path, name: str) -> str:
    return sha256(f"tamizdat {name} ".encode() + _READ[name](folder)).hexdigest()


def _key(name: str) -> str:
    return f"key-{name.replace('.', '-')}"


def _alert(name: str, why: str) -> Alert:
    return Alert(
        _key(name),
        f"The file keys/{name} does not hold this newsroom's key.",
        why,
        f"Put this newsroom's own file back from its backup. {_MEANWHILE[name]}",
    )
