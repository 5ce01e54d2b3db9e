"""What something looked like when it was last used: tells a change from a mere save."""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256

from tamizdat.press.content.bulk import insert
from tamizdat.press.models import Fingerprint

AT_ONCE = 500  # rows of one query


def changed(looks: Mapping[str, str]) -> list[str]:
    """Return what looks different from when this was last asked, and remember how it looks."""
    return remember({key: sha256(look.encode()).hexdigest() for key, look in looks.items()})


def differs(key: str, look: str) -> bool:
    """Say whether something looks different from when `changed` was last asked."""
    value = sha256(look.encode()).hexdigest()
    return not Fingerprint.objects.filter(key=key, value=value).exists()


def forget(key: str) -> None:
    """Have something count as different when it is asked for next, however it looks then."""
    Fingerprint.objects.filter(key=key).delete()


def remember(fingerprints: Mapping[str, str]) -> list[str]:
    """Keep these fingerprints by their keys, and return the keys for which they are new."""
    known: dict[str, str] = {}
    for some in _portions(fingerprints):
        rows = Fingerprint.objects.filter(key__in=some)
        known.update(rows.values_list("key", "value"))
    different = [key for key, value in fingerprints.items() if known.get(key) != value]
    for some in _portions(key for key in different if key in known):
        Fingerprint.objects.filter(key__in=some).delete()
    insert(Fingerprint, ("key", "value"), ((key, fingerprints[key]) for key in different))
    return different


def _portions(every: Iterable[str]) -> Iterator[list[str]]:
    listed = list(every)
    return (listed[at : at + AT_ONCE] for at in range(0, len(listed), AT_ONCE))
