"""The keys that this newsroom was founded with: a file with another one is never used as if ours.

A backup of another newsroom, put into keys/ by mistake, would have readers sealed to a key that
nobody here has, and all that the desk sealed taken for a forger's and deleted.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from tamizdat.lib.alerts import Alert, clear, raise_alert
from tamizdat.readers import keys
from tamizdat.readers.models import FoundedKey

READERS, LETTERS = "reader.public", "letters.key"
_READ: Mapping[str, Callable[[Path], bytes]] = {
    READERS: lambda folder: keys.reader_public(folder).raw,
    LETTERS: lambda folder: keys.shared_secret(folder, LETTERS),
}
_MEANWHILE = {
    READERS: "The counter goes on sealing to the key that it had, and no other is published.",
    LETTERS: "What waits sealed is neither answered nor deleted.",
}


def is_ours(folder: Path, name: str) -> bool:
    """Say whether a key file holds what it did when it was first seen; it is remembered then.

    Raises:
        KeysError: it is missing or damaged.
    """
    digest = _digest(folder, name)
    known, _ = FoundedKey.objects.get_or_create(name=name, defaults={"digest": digest})
    return known.digest == digest


def is_told_ours(newsroom_data: Path, folder: Path, name: str, at: datetime) -> bool:
    """Return `is_ours`, and raise or clear the alert about this file.

    Raises:
        KeysError: it is missing or damaged.
    """
    ours = is_ours(folder, name)
    if ours:
        clear(newsroom_data, _key(name))
    else:
        raise_alert(newsroom_data, _alert(name), at)
    return ours


def faults(folder: Path) -> Mapping[str, str]:
    """Return what is wrong with each of these files, by name; nothing of those that are right."""
    found = {}
    for name in _READ:
        try:
            if not is_ours(folder, name):
                found[name] = "It is not the key that this newsroom was founded with."
        except keys.KeysError as error:
            found[name] = str(error)
    return found


def _digest(folder: Path, name: str) -> str:
    return sha256(f"tamizdat {name} ".encode() + _READ[name](folder)).hexdigest()


def _key(name: str) -> str:
    return f"key-{name.replace('.', '-')}"


def _alert(name: str) -> Alert:
    return Alert(
        _key(name),
        f"The file keys/{name} does not hold this newsroom's key.",
        "It is not the key that this newsroom was founded with: another newsroom's, perhaps.",
        f"Put this newsroom's own file back from its backup. {_MEANWHILE[name]}",
    )
