"""What the desk publishes to the counter: newsletters, wordings, public keys. All of it is public.

It travels in the counter's own database, in the one table that the counter may read and only the
desk writes. A counter on a machine of its own needs no other way to the desk. While the database
is away the counter goes on with what it read last.
"""

import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import Error, connections, router

from tamizdat.lib import clock
from tamizdat.lib.alerts import Alert, clear, raise_alert
from tamizdat.lib.database_trouble import trouble
from tamizdat.lib.failures import where
from tamizdat.lib.shallow_json import loads
from tamizdat.readers.counter.models import Published
from tamizdat.readers.counter.remembered import Remembered
from tamizdat.readers.keys import KeysError, PublicKey, public_from

AGAIN = "It goes on with what it heard before, and it is tried again every minute."
EVERY_S = 30.0  # a key or a word reaches the counter after this time at most

log = logging.getLogger(__name__)


class NothingPublishedError(Exception):
    """The counter never heard from the desk: its database is new, or away since it started."""


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A newsletter as a reader of one language sees it."""

    code: str
    name: str
    about: str
    frequency: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The words a reader agreed to. They are kept for ever, so that consent can be proven."""

    version: str
    text: str

    @property
    def sha256(self) -> str:
        """The hash that goes into the submission: of exactly these words in UTF-8."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered in one language. The first wording is today's; others are on old pages."""

    newsletters: tuple[Newsletter, ...] = ()
    wordings: tuple[Wording, ...] = ()
    privacy: str = ""  # path of the privacy policy in the edition

    def wording(self, version: str) -> Wording | None:
        """Return the wording of a version, which may stand on a page printed months ago."""
        return next((each for each in self.wordings if each.version == version), None)


@dataclass(frozen=True, slots=True)
class Offers:
    """What is offered, by language."""

    offers: Mapping[str, Offer] = field(default_factory=dict)

    def offer(self, language: str) -> Offer:
        """Return what is offered in a language, perhaps nothing."""
        return self.offers.get(language, Offer())


@dataclass(frozen=True, slots=True)
class Keys:
    """What every address is sealed to: the reader key, and the key that works unattended."""

    reader: PublicKey
    unattended: PublicKey


def read(name: str) -> Any | None:
    """Return what was last published under a name; None only if this process never saw any.

    It is at most 30 seconds old while the database answers. Do not change it: it is shared.
    """
    return memory.get(name)


def offers() -> Offers:
    """Return what is offered; nothing, where what was published makes no sense.

    Raises:
        NothingPublishedError: this process never saw any.
    """
    said = read("letters")
    if said is None:
        raise NothingPublishedError("It is not known which newsletters are offered.")
    try:
        return Offers({language: _offer(each) for language, each in said["offers"].items()})
    except (AttributeError, KeyError, TypeError):
        return Offers()


def keys() -> Keys:
    """Return the keys to seal to. Nothing may be kept that they did not seal.

    Raises:
        KeysError: none were published, or they are damaged.
    """
    said = read("keys")
    if said is None:
        raise KeysError("The desk has not published its public keys to the counter.")
    try:
        reader, name = said["reader"], said["unattended"]["name"]
        public = said["unattended"]["public"]
        return Keys(
            public_from(b64decode(reader, validate=True), "reader"),
            public_from(b64decode(public, validate=True), name),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise KeysError("The public keys that the desk published are damaged.") from error


def write(name: str, said: Any) -> bool:
    """Publish under a name, at the desk, and return whether anything changed.

    Where that fails nothing is published and nothing is raised: the next round of `work` tries
    again, and whatever else it does must not wait for the counter. An alert says so, unless the
    counter's database is lost: that is told of the database.
    """
    data, alert = settings.NEWSROOM.data, f"unpublished-{name}"
    try:
        changes = _differs(name, said)
        if changes:
            _put(name, said)
    except Error as error:
        log.warning("%s are not published to the counter: %s", name, type(error).__name__)
        if not trouble(error):
            what = f"The counter does not hear what the desk publishes to it ({name})."
            raise_alert(data, Alert(alert, what, do=AGAIN, cause=where(error)), clock.now())
        return False
    clear(data, alert)
    if changes:
        memory.forget(name)
    return changes


def differs(name: str, said: Any) -> bool:
    """Say whether `write` would change anything. False while the counter's database is away."""
    try:
        return _differs(name, said)
    except Error:
        return False


def write_keys(reader: bytes, name: str, public: bytes) -> bool:
    """Publish the public halves of the reader key and of the unattended key called `name`."""
    unattended = {"name": name, "public": b64encode(public).decode()}
    return write("keys", {"reader": b64encode(reader).decode(), "unattended": unattended})


def _differs(name: str, said: Any) -> bool:
    return not Published.objects.filter(name=name, text=_text(said)).exists()


def _put(name: str, said: Any) -> None:
    """Write a row, or over the one that is there: unread, for it may be in no encoding."""
    Published.objects.bulk_create(
        [Published(name=name, text=_text(said))],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["text"],
    )


def _text(said: Any) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True)


def _ask(name: str) -> Any | None:
    """Return what stands in the database, None where it does not answer or says nonsense."""
    try:
        for text in Published.objects.filter(name=name).values_list("text", flat=True):
            return loads(text)
    except (Error, ValueError) as error:
        log.warning("%s cannot be read from what is published: %s", name, type(error).__name__)
    finally:
        _hang_up()
    return None


def _hang_up() -> None:
    """Leave no connection behind: the thread that asks may end now, and a broken one is no use."""
    connection = connections[router.db_for_read(Published)]
    if not connection.in_atomic_block:
        connection.close()


def _offer(raw: Mapping[str, Any]) -> Offer:
    return Offer(
        newsletters=tuple(Newsletter(**each) for each in raw["newsletters"]),
        wordings=tuple(Wording(**each) for each in raw["wordings"]),
        privacy=raw["privacy"],
    )


memory = Remembered(_ask, EVERY_S)
