"""Whether the keys are there, can be read, and are destroyed when their time is over."""

import os
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom
from tamizdat.lib.users import open_it, why_closed
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.site.databases import lost_parts
from tamizdat.site.health.finding import Finding, good, unseen, wrong
from tamizdat.support import call_keys
from tamizdat.support.till import sealed

SECRETS = ("*.private", "*.key")
WITHOUT = {
    "reader.public": "Without it no address can be sealed.",
    "reader.private": "Without it no issue, reminder or later receipt can be sent.",
    "letters.key": "Without it no link in a letter can be made or recognised.",
    "django.key": "Without it nobody stays signed in at the desk.",
    call_keys.FILES["counter"]: "Without it the counter can begin, show and stop nothing.",
    call_keys.FILES["desk"]: "Without it the desk learns neither sums nor what a receipt is about.",
    sealed.FILE: "Without it nobody can give.",
}
NEW = "`openssl rand -hex 32 > {quoted}`"
#: What to do about a key that is missing or damaged, where another one does as well.
OR_NEW = {
    "django.key": f"or make a new one as the newsroom's user: {NEW}",
    sealed.FILE: "or delete it: the till makes a new one, and who is paying begins again",
}
WAITS = ("reader.public", "letters.key")
#: What each machine needs, and nothing else: a till makes one more key for itself.
OF_THE_TILL = (*call_keys.FILES.values(), sealed.FILE)
OF_THE_COUNTER = (call_keys.FILES["counter"],)


def are_there(newsroom: Newsroom) -> Iterator[Finding]:
    """Count the secret keys, and name those that are missing, damaged or cannot be read."""
    role = str(settings.ROLE)
    if lost_parts.is_out_of_reach(newsroom.keys):
        closed = wrong(
            "the folder of the keys, keys/, is out of reach",
            f"{open_it(newsroom.keys / keys.FILES[0], newsroom.keys)} Until then letters wait and "
            "what readers send waits.",
            why_closed(newsroom.keys),
        )
        yield replace(closed, partly=True)
        return
    if role == "desk":
        yield from _missing(newsroom, keys.FILES, "from the backup")
        yield from _overdue(newsroom)
    elif role == newsroom.main_role:
        yield from _of_another_machine(newsroom, role)
        if role == "till":
            yield from _missing(newsroom, call_keys.FILES.values(), "from the desk's machine")
    secrets = [path for pattern in SECRETS for path in sorted(newsroom.keys.rglob(pattern))]
    yield from _unreadable(newsroom, secrets)
    yield from _damaged(newsroom)
    if secrets:
        yield good(f"{len(secrets)} secret keys")
    elif role == "desk":
        yield wrong("there are no keys", "Make a newsroom with `tamizdat init`.")


def fits_the_readers(newsroom: Newsroom) -> Iterator[Finding]:
    """Say whether there are readers whose key is gone, or another newsroom's."""
    if lost_parts.is_out_of_reach(newsroom.keys):
        yield unseen("the reader key could not be compared with the readers")
        return
    if settings.ROLE == "desk":
        from tamizdat.readers.keys import founded_keys  # no other role has its table

        for name, why in founded_keys.faults(newsroom.keys).items():
            if why == founded_keys.FOREIGN:
                yield wrong(
                    f"the key {name} is not this newsroom’s",
                    f"Put keys/{name} back from the backup of this newsroom."
                    f"{founded_keys.also(newsroom.keys, name)}",
                    f"{why} {WITHOUT[name]}",
                    _about(name),
                )
    for what, do in lost_parts.without_reader_key(newsroom):
        yield wrong(what, do)


def _about(name: str) -> str:
    """Return what names the alert about a key, where there is one (`readers/keys`)."""
    return f"alert key-{name.replace('.', '-')}"


def _missing(newsroom: Newsroom, names: Iterable[str], source: str) -> Iterator[Finding]:
    for name in names:
        if not (newsroom.keys / name).exists():
            do = _back(newsroom, name, source)
            yield wrong(f"the key {name} is missing", do, WITHOUT[name], _about(name))


def _unreadable(newsroom: Newsroom, secrets: Iterable[Path]) -> Iterator[Finding]:
    for path in (newsroom.keys / "reader.public", *secrets):
        if path.exists() and not os.access(path, os.R_OK):
            yield wrong(
                f"the key {path.relative_to(newsroom.keys)} cannot be read",
                open_it(path, newsroom.keys),
                " ".join(filter(None, (why_closed(path), WITHOUT.get(path.name, "")))),
                _about(path.name),
            )


def _damaged(newsroom: Newsroom) -> Iterator[Finding]:
    """Name the keys that can be read and are none; those of today's pairs are made anew."""
    for name, without in WITHOUT.items():
        if os.access(newsroom.keys / name, os.R_OK) and _is_damaged(newsroom, name):
            source = "from the backup of this newsroom"
            do = _back(newsroom, name, source)
            why = f"It holds no key. {without}"
            yield wrong(f"the key {name} is damaged", do, why, _about(name))


def _is_damaged(newsroom: Newsroom, name: str) -> bool:
    callers = {file: caller for caller, file in call_keys.FILES.items()}
    if name in callers:
        return not call_keys.header(newsroom.keys, callers[name])
    if name == sealed.FILE:
        return sealed.is_damaged(newsroom.keys)
    try:
        keys.check(newsroom.keys, name)
    except keys.KeysError:
        return True
    return False


def _back(newsroom: Newsroom, name: str, source: str) -> str:
    """Return what to do about a key that is not there, or is none."""
    other = OR_NEW.get(name, "").format(quoted=shlex.quote(str(newsroom.keys / name)))
    waits = " What readers send waits until then." if name in WAITS else ""
    return f"Put it back into keys/ {source}{f', {other}' if other else ''}.{waits}"


def _of_another_machine(newsroom: Newsroom, role: str) -> Iterator[Finding]:
    """Name the keys that a counter or a till on a machine of its own does not need."""
    own = OF_THE_TILL if role == "till" else OF_THE_COUNTER
    found = (path for pattern in SECRETS for path in sorted(newsroom.keys.rglob(pattern)))
    for path in found:
        if (name := str(path.relative_to(newsroom.keys))) not in own:
            yield wrong(
                f"the key {name} lies on this machine, which does not need it",
                f"Delete {path} here. The {role} goes on without it, and who takes this "
                "machine has one key less.",
            )


def _overdue(newsroom: Newsroom) -> Iterator[Finding]:
    at, folder = clock.now(), newsroom.keys / unattended.FOLDER
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        closed = wrong(
            "the folder keys/unattended is out of reach",
            "Let its owner read and write it: its keys are neither destroyed nor made anew now.",
        )
        yield replace(closed, partly=True)
    if over := [each for each in unattended.pairs(newsroom.keys) if unattended.is_over(each, at)]:
        yield wrong(
            f"{len(over)} unattended keys should be destroyed by now, and open addresses",
            "Start `tamizdat work`, which destroys them, or says why it cannot.",
            about="unattended keys over",
        )
