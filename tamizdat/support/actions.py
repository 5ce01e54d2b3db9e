"""The only writers of what the desk holds of support; each is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from tamizdat.letters import outbox
from tamizdat.letters.outbox import Words
from tamizdat.lib.newsroom import Newsroom
from tamizdat.press import parts
from tamizdat.readers import tokens
from tamizdat.support import pass_key, published
from tamizdat.support.models import Appeal, ReceiptWish, Reminder
from tamizdat.support.till_client import Charged, Standing
from tamizdat.support.wording import default

NAME = "support"
LETTERS_AT_MOST = 2
SECOND_AFTER = timedelta(days=8)
SETTLES_WITHIN = timedelta(days=14)


@transaction.atomic
def lay_out_support(newsroom: Newsroom) -> None:
    """Make what support needs in a new newsroom. Doing it again changes nothing that stands."""
    pass_key.make(newsroom.keys)
    for language in newsroom.languages:
        words = default(language)
        Appeal.objects.get_or_create(
            language=language,
            defaults={
                "strip": words.strip,
                "heading": words.heading,
                "message": "\n\n".join(words.paragraphs),
                "signed": words.signed,
                "safe_heading": words.safe_heading,
                "safe_message": "\n\n".join(words.safe_paragraphs),
                "declaration": words.declaration,
            },
        )
    tell_counter()


@transaction.atomic
def keep_appeal(appeal: Appeal) -> None:
    """Keep an editor's words, and have them printed on every page that shows them."""
    appeal.save()
    parts.announce(NAME)
    transaction.on_commit(tell_counter)


def tell_counter() -> None:
    """Publish the wordings to the counter."""
    published.write({each.language: each.wording for each in Appeal.objects.all()})


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asked, as an envelope says: a sealed address, and in which language to write to it."""

    sealed: bytes
    language: str


@transaction.atomic
def keep_reminder(asked: Asked, month: date) -> Reminder:
    """Keep a reminder for the first days of a month."""
    reminder = Reminder(sealed=asked.sealed, language=asked.language, due=month)
    reminder.cancel_hash = tokens.digest(cancel_token(reminder))
    reminder.save(force_insert=True)
    return reminder


def cancel_token(reminder: Reminder) -> str:
    """Return the token of a reminder's cancel link; made when needed, kept nowhere."""
    return tokens.token(settings.NEWSROOM.keys, "cancel_reminder", str(reminder.key))


@transaction.atomic
def cancel_reminder(token_hash: str) -> bool:
    """Forget a reminder and its address, and return whether there was one."""
    return bool(Reminder.objects.filter(cancel_hash=token_hash).delete()[0])


@transaction.atomic
def send_reminder(reminder: Reminder, at: datetime) -> None:
    """Queue the next letter of a reminder. With the second one its address is gone from here."""
    newsroom: Newsroom = settings.NEWSROOM
    number = reminder.sent + 1
    context = {
        "amount": "",
        "interval": "",
        "month": "",
        "manage_href": f"{newsroom.addresses.edition}/{reminder.language}/support.html",
        "cancel_href": _cancel_href(reminder) if number < LETTERS_AT_MOST else "",
    }
    words = Words("reminder", reminder.language, context)
    outbox.queue("reminder", f"{reminder.key}:{number}", bytes(reminder.sealed), words, at)
    if number >= LETTERS_AT_MOST:
        reminder.delete()
    else:
        reminder.sent, reminder.due = number, at.date() + SECOND_AFTER
        reminder.save(update_fields=["sent", "due"])


def _cancel_href(reminder: Reminder) -> str:
    counter = settings.NEWSROOM.addresses.counter
    return f"{counter}/{reminder.language}/remind/cancel/{cancel_token(reminder)}"


@transaction.atomic
def keep_wish(asked: Asked, token_hash: str, on: date, *, each: bool) -> ReceiptWish:
    """Keep the wish for a receipt, or for one of each charge."""
    return ReceiptWish.objects.create(
        sealed=asked.sealed,
        language=asked.language,
        token_hash=token_hash,
        each=each,
        asked=on,
        look_on=on,
    )


@transaction.atomic
def answer_wish(wish: ReceiptWish, standing: Standing | None, at: datetime) -> None:
    """Queue the receipts that are due, and forget the address when no more can come."""
    charges = standing.charges if standing is not None else ()
    for charge in _to_tell(wish, charges):
        context = {
            "amount": _amount(charge.money.minor, charge.money.currency, wish.language),
            "interval": _following(standing),
            "month": charge.month.isoformat(),
            "manage_href": "",  # its token is with the reader alone
            "cancel_href": "",
        }
        words = Words("receipt", wish.language, context)
        outbox.queue("receipt", f"{wish.key}:{charge.number}", bytes(wish.sealed), words, at)
    wish.told = max([wish.told, *(charge.number for charge in charges)])
    if _is_done(wish, standing, at.date()):
        wish.delete()
        return
    wish.look_on = at.date() + timedelta(days=1 if wish.told else 0)
    wish.save(update_fields=["told", "look_on"])


def _to_tell(wish: ReceiptWish, charges: Sequence[Charged]) -> Sequence[Charged]:
    """Return the charges to write about: at first only the last one, then each new one."""
    new = [charge for charge in charges if charge.number > wish.told]
    if wish.told:
        return new if wish.each else []
    return new[-1:]


def _following(standing: Standing | None) -> str:
    """Return how often more follows: a gift that is stopped reads like one given once."""
    runs = standing is not None and standing.is_giving and not standing.to_stop
    return standing.interval if standing is not None and runs else "once"


def _is_done(wish: ReceiptWish, standing: Standing | None, today: date) -> bool:
    if wish.told:
        return not (wish.each and standing is not None and standing.is_giving)
    return today - wish.asked > SETTLES_WITHIN


def _amount(minor: int, currency: str, language: str) -> str:
    from tamizdat.lib.theme import theme

    money = theme().environment(language).globals["money"]
    return str(money(minor, currency))  # type: ignore[operator]  # Jinja's globals are objects
