"""What the reader records hold about a reader, and how they forget it."""

from typing import TYPE_CHECKING, Any

from django.forms import model_to_dict

from tamizdat.readers import contract

if TYPE_CHECKING:
    from tamizdat.readers.models import Reader


def register_holdings() -> None:
    """Answer for every model of this app and of the counter."""
    contract.holds("readers.Pending", _pendings, _forget_pendings)
    contract.holds("readers.Subscription", _subscriptions, _forget_subscriptions)
    contract.holds("readers.Reader", _reader, _forget_reader)
    contract.holds_nothing("readers.Wording", "the words of consent are public")
    contract.holds_nothing("readers.Collected", "random numbers of envelopes, for a minute")
    contract.holds_nothing("counter.Published", "words and keys that everybody may know")
    contract.holds_nothing(
        "counter.Envelope", "nobody can tell whose it is until it is collected, a minute later"
    )


def _pendings(reader: "Reader") -> list[dict[str, Any]]:
    from tamizdat.readers.models import Pending

    fields = ["newsletters", "language", "consent_version", "consent_sha256", "consent_day"]
    return [model_to_dict(row, fields) for row in Pending.objects.filter(tag=reader.tag)]


def _forget_pendings(reader: "Reader") -> int:
    from tamizdat.readers.models import Pending

    return Pending.objects.filter(tag=reader.tag).delete()[0]


def _subscriptions(reader: "Reader") -> list[dict[str, Any]]:
    hidden = ["id", "key", "reader", "leave_token"]
    return [model_to_dict(row, exclude=hidden) for row in reader.subscriptions.all()]


def _forget_subscriptions(reader: "Reader") -> int:
    return reader.subscriptions.all().delete()[0]


def _reader(_reader: "Reader") -> list[dict[str, Any]]:
    return [{"address": "sealed to the reader key", "recognised_by": "a keyed hash"}]


def _forget_reader(reader: "Reader") -> int:
    return type(reader).objects.filter(pk=reader.pk).delete()[0]
