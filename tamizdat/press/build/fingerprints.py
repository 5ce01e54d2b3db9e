"""Hashes of what was last used: they tell a change from a mere save."""

from collections.abc import Mapping
from hashlib import sha256

from tamizdat.lib.batches import batches
from tamizdat.press.content.bulk import insert
from tamizdat.press.models import Fingerprint

AT_ONCE = 500  # rows of one query


def changed(contents: Mapping[str, str]) -> list[str]:
    """Return the keys whose content differs from when this was last asked, and remember it."""
    hashes = {key: sha256(content.encode()).hexdigest() for key, content in contents.items()}
    return remember(hashes)


def differs(key: str, content: str) -> bool:
    """Say whether a key's content differs from when `changed` was last asked."""
    value = sha256(content.encode()).hexdigest()
    return not Fingerprint.objects.filter(key=key, value=value).exists()


def forget(key: str) -> None:
    """Have something count as different when it is asked for next, whatever it is then."""
    Fingerprint.objects.filter(key=key).delete()


def remember(fingerprints: Mapping[str, str]) -> list[str]:
    """Keep these fingerprints by their keys, and return the keys for which they are new."""
    known: dict[str, str] = {}
    for some in batches(fingerprints, AT_ONCE):
        rows = Fingerprint.objects.filter(key__in=some)
        known.update(rows.values_list("key", "value"))
    different = [key for key, value in fingerprints.items() if known.get(key) != value]
    for some in batches((key for key in different if key in known), AT_ONCE):
        Fingerprint.objects.filter(key__in=some).delete()
    insert(Fingerprint, ("key", "value"), ((key, fingerprints[key]) for key in different))
    return different
