"""What the reader records hold about a reader, and how they forget it."""

from typing import TYPE_CHECKING, Any

from django.forms import model_to_dict

from tamizdat.readers.privacy import contract
from tamizdat.readers.privacy.contract import OURS, RANDOM, TOKEN, Fate, keyed, plain, sealed, time

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tamizdat.readers.models import FormerLeaveLink, Reader


CONSENT = {
    "newsletters": plain(
        "which newsletters, until confirmed or, where nothing of it waits, 48 hours"
    ),
    "language": plain("language of the letters"),
    "consent_version": plain("which words were agreed to"),
    "consent_sha256": plain("which words were agreed to"),
    "consent_day": time("day"),
}
PENDING = {
    "id": RANDOM,
    "token": TOKEN,
    "sealed": sealed("reader"),
    "limit_key": OURS,
    "limit_tag": keyed("unattended"),
    "expires_at": time("hour"),
    "note": sealed("reader"),
    **CONSENT,
}
UNANSWERED = {
    "tag": keyed("reader"),
    "until": time("month"),
    "letters": plain("how many letters went to a mailbox since a button was pressed"),
}
READER = {
    "id": plain("who came before whom"),
    "sealed": sealed("reader"),
    "tag": keyed("duplicates"),
}
SUBSCRIPTION = {
    "id": plain("which came before which"),
    "key": Fate("random", "letters of an issue, until it is sent"),
    "reader": Fate("random", "the reader's subscriptions"),
    "state": plain("whether it was left"),
    "newsletter": plain("which newsletter"),
    "leave_token": TOKEN,
    "former_leave_token": TOKEN,
    "confirmed_day": time("day"),
    "left_day": time("day"),
    **{name: fate for name, fate in CONSENT.items() if name != "newsletters"},
}
FORMER_LEAVE_LINK = {
    "token": TOKEN,
    "subscription": Fate("random", "the subscription that its letters end"),
}
SEALED_RECORD = {
    "id": RANDOM,
    "sealed": sealed("reader"),
    "copy": RANDOM,
    "reply": TOKEN,
    "again": OURS,
    "older": OURS,
}
UNATTENDED_COPY = {
    "id": RANDOM,
    "key": OURS,
    "sealed": sealed("unattended"),
    "until": time("hour"),
}
ENVELOPE = {
    "id": RANDOM,
    "kind": plain("what was asked for, for a minute"),
    "day": time("day"),
    "payload": sealed("unattended"),
}
FIELDS = {
    "readers.Pending": PENDING,
    "readers.Unanswered": UNANSWERED,
    "readers.Reader": READER,
    "readers.Subscription": SUBSCRIPTION,
    "readers.FormerLeaveLink": FORMER_LEAVE_LINK,
    "readers.SealedRecord": SEALED_RECORD,
    "readers.UnattendedCopy": UNATTENDED_COPY,
    "readers.Wording": dict.fromkeys(("id", "language", "version", "text", "since"), OURS),
    "readers.Collected": {"envelope": RANDOM, "day": time("day")},
    "readers.FoundedKey": {"name": OURS, "digest": RANDOM},
    "counter.Envelope": ENVELOPE,
    "counter.Published": dict.fromkeys(("name", "text"), OURS),
}


def register_holdings() -> None:
    """Answer for every model of this app and of the counter."""
    contract.holds("readers.FormerLeaveLink", _former_links, _forget_former_links)
    contract.holds("readers.Subscription", _subscriptions, _forget_subscriptions)
    contract.holds("readers.Reader", _reader, _forget_reader)
    contract.holds_nothing("readers.Wording", "the words of consent are public")
    contract.holds_nothing("readers.FoundedKey", "digests of random keys, to know them again")
    contract.holds_nothing("readers.Collected", "random numbers of submissions, for a minute")
    contract.holds_nothing(
        "readers.Pending",
        "sealed to the reader key, matched at an unlock, gone after 48 hours "
        "where nothing of it waits",
    )
    contract.holds_nothing(
        "readers.SealedRecord", "sealed to the reader key; asked for and deleted at an unlock"
    )
    contract.holds_nothing(
        "readers.Unanswered", "a keyed hash of a mailbox; found and forgotten at an unlock"
    )
    contract.holds_nothing("readers.UnattendedCopy", "a second seal, gone after 48 hours")
    contract.holds_nothing(
        "counter.Envelope", "nobody can tell whose it is until it is collected, a minute later"
    )
    contract.holds_nothing("counter.Published", "what the desk publishes to the counter")
    for model, fates in FIELDS.items():
        contract.fields(model, fates)
    _register_key_files()


def _register_key_files() -> None:
    always = "as long as the newsroom"
    contract.key_file("reader.public", "desk", "nothing: it seals, and is public", always)
    contract.key_file(
        "reader.private", "desk", "with its passphrase every address; without it nothing", always
    )
    contract.key_file(
        "letters.key", "desk",
        "no address here; it makes the links of letters out of rows, and with such a letter, or a "
        "browser's history, it opens the address to which that letter went", always,
    )  # fmt: skip
    contract.key_file("django.key", "desk", "no address; it signs the sessions of staff", always)
    contract.key_file(
        "unattended/*.private", "desk",
        "sign-ups, first receipts, what was said of mailboxes and tests, all of one hour; "
        "tests whether an address is among open sign-ups", "49 hours",
    )  # fmt: skip
    contract.key_file("unattended/*.public", "desk", "nothing: it seals, and is public", "49 hours")
    contract.key_file("unattended/CACHEDIR.TAG", "desk", "nothing: it keeps backups away", always)


def _subscriptions(reader: "Reader") -> list[dict[str, Any]]:
    hidden = ["id", "key", "reader", "leave_token", "former_leave_token"]
    return [model_to_dict(row, exclude=hidden) for row in reader.subscriptions.all()]


def _forget_subscriptions(reader: "Reader") -> int:
    return reader.subscriptions.all().delete()[0]


def _former_links(reader: "Reader") -> list[dict[str, Any]]:
    return [{"link": "a hash of one in a letter"} for _ in _links_of(reader)]


def _forget_former_links(reader: "Reader") -> int:
    return _links_of(reader).delete()[0]


def _links_of(reader: "Reader") -> "QuerySet[FormerLeaveLink]":
    from tamizdat.readers.models import FormerLeaveLink

    return FormerLeaveLink.objects.filter(subscription__reader=reader)


def _reader(_reader: "Reader") -> list[dict[str, Any]]:
    return [{"address": "sealed to the reader key", "recognised_by": "a keyed hash"}]


def _forget_reader(reader: "Reader") -> int:
    return type(reader).objects.filter(pk=reader.pk).delete()[0]
