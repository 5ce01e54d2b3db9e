"""What `tamizdat doctor` looks at, each a question with an answer."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tamizdat.lib import clock, stylesheet
from tamizdat.lib.newsroom import Newsroom
from tamizdat.readers import keys, unattended
from tamizdat.site import file_modes, lost_parts
from tamizdat.site.databases import HOLDERS

SECRETS = ("*.private", "*.key")


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer. Where something is wrong, `do` says what to do about it."""

    well: bool
    what: str
    do: str = ""


def examine(newsroom: Newsroom) -> list[Finding]:
    """Look at everything and return all findings, the good ones too."""
    questions: tuple[Callable[[Newsroom], Iterator[Finding]], ...] = (
        _settings,
        _databases,
        _files,
        _keys,
        _lost,
        _edition,
        _addresses,
        _look,
        _held_up,
        _defaults,
    )
    return [finding for question in questions for finding in question(newsroom)]


def _settings(_newsroom: Newsroom) -> Iterator[Finding]:
    found = [each for each in checks.run_checks() if each.level >= checks.WARNING]
    for each in found:
        yield Finding(well=False, what=str(each.msg), do=each.hint or "")
    if not found:
        yield Finding(well=True, what="the settings fit together")


def _databases(_newsroom: Newsroom) -> Iterator[Finding]:
    for alias in settings.DATABASES:
        executor = MigrationExecutor(connections[alias])
        leaves = executor.loader.graph.leaf_nodes()
        own = [leaf for leaf in leaves if HOLDERS.get(leaf[0], "default") == alias]
        late = executor.migration_plan(own)
        name = "desk" if alias == "default" else alias
        if late:
            yield Finding(
                well=False,
                what=f"the {name}'s database is behind this program",
                do="Run `tamizdat work --once`, which brings it up to date.",
            )
        else:
            yield Finding(well=True, what=f"the {name}'s database is up to date")


def _files(newsroom: Newsroom) -> Iterator[Finding]:
    folder = newsroom.folder
    open_ones = [path for path, _ in file_modes.too_open(folder)]
    if folder in open_ones:
        yield _readable(folder, "go-rw")
    inside = (path.relative_to(folder).parts[0] for path in open_ones if path != folder)
    for name in dict.fromkeys(inside):
        yield _readable(folder / name, "go-rwx")
    if not open_ones:
        yield Finding(well=True, what="nobody else on this machine can read the newsroom's folder")


def _readable(path: Path, closed: str) -> Finding:
    deep = "-R " if path.is_dir() and closed == "go-rwx" else ""
    return Finding(
        well=False,
        what=f"others on this machine can read {path}",
        do=f"Run `chmod {deep}{closed} {path}` as its owner.",
    )


def _keys(newsroom: Newsroom) -> Iterator[Finding]:
    secrets = [path for pattern in SECRETS for path in sorted(newsroom.keys.rglob(pattern))]
    if not secrets:
        yield Finding(
            well=False, what="there are no keys", do="Make a newsroom with `tamizdat init`."
        )
    else:
        yield Finding(well=True, what=f"{len(secrets)} secret keys")
    if (newsroom.keys / "reader.public").exists():  # this is the desk's machine
        yield from _plain_keys(newsroom)
        yield from _overdue_keys(newsroom)


def _plain_keys(newsroom: Newsroom) -> Iterator[Finding]:
    for name in keys.PLAIN_KEYS:
        if not (newsroom.keys / name).exists():
            yield Finding(
                well=False,
                what=f"keys/{name} is missing",
                do="Put it back from the backup. What readers send waits at the counter for it.",
            )


def _overdue_keys(newsroom: Newsroom) -> Iterator[Finding]:
    at, folder = clock.now(), newsroom.keys / unattended.FOLDER
    if folder.exists() and not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            well=False,
            what="keys/unattended is out of reach",
            do="Let its owner read and write it: its keys are neither destroyed nor made anew now.",
        )
    if over := [each for each in unattended.pairs(newsroom.keys) if unattended.is_over(each, at)]:
        yield Finding(
            well=False,
            what=f"{len(over)} unattended keys should be destroyed by now, and open addresses",
            do="Start `tamizdat work`, which destroys them, or says why it cannot.",
        )


def _lost(newsroom: Newsroom) -> Iterator[Finding]:
    for what, do in lost_parts.without_reader_key(newsroom):
        yield Finding(well=False, what=what, do=do)


def _edition(newsroom: Newsroom) -> Iterator[Finding]:
    current = newsroom.edition / "current"
    if not current.exists():
        yield Finding(well=False, what="nothing is published", do="Run `tamizdat build`.")
    elif (newsroom.edition / "journal.json").exists():
        yield Finding(
            well=False,
            what="a publication was interrupted; readers still have the edition before",
            do="Run `tamizdat build`: it finishes or undoes it.",
        )
    else:
        yield Finding(well=True, what="the edition is whole")


def _addresses(newsroom: Newsroom) -> Iterator[Finding]:
    for role in ("edition", "counter", "desk", "till"):
        parts = urlsplit(getattr(newsroom.addresses, role))
        local = parts.hostname in ("127.0.0.1", "localhost", "::1")
        if parts.scheme == "http" and not local and not str(parts.hostname).endswith(".onion"):
            yield Finding(
                well=False,
                what=f"the {role} is reached without encryption ({parts.geturl()})",
                do="Put a proxy with a certificate before it and write https:// in tamizdat.toml.",
            )


def _look(newsroom: Newsroom) -> Iterator[Finding]:
    for what, do in stylesheet.unreadable(newsroom.look):
        yield Finding(well=False, what=what, do=do)


def _held_up(newsroom: Newsroom) -> Iterator[Finding]:
    from tamizdat.letters import held_up

    for each in held_up.held_up(newsroom, clock.now()):
        yield Finding(well=False, what=str(each), do=held_up.HOW)


def _defaults(newsroom: Newsroom) -> Iterator[Finding]:
    if newsroom.demonstration:
        yield Finding(well=True, what="this is a demonstration: payments and letters are pretended")
        return
    if all(policy == "never" for policy in newsroom.support.ask.values()):
        yield Finding(well=True, what="readers are not asked for money")
    elif newsroom.support.provider == "pretend":
        yield Finding(
            well=False,
            what="readers are asked for money, but payments are only pretended",
            do='Set [support.ask] default to "never" until a payment service is set up.',
        )
    if newsroom.mail.send == "mailbox":
        yield Finding(
            well=False,
            what="letters reach nobody: each lies on this disk for 48 hours, with the reader's "
            "address and links that work in clear; admins read it at the desk under /mailbox/",
            do="Set [mail] send to your relay, as smtp://host:587, and start again.",
        )
