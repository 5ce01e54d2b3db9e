"""A newsroom in which every room of `work` has something to do, and what of it was done.

Three rows of each kind are due: three sign-ups, three articles that were held, three contributions
whose renewal came ... What is due is named "room/kind number"; `done` counts how often each was
done.
"""

import json
from base64 import b64encode
from collections import Counter
from datetime import timedelta
from uuid import UUID

from tests.approved_issue import approve_untested
from tests.subscribed import subscribe

PASSPHRASE = "a passphrase for the tests"
GOOD_CARD = "4242424242424242"
EACH = range(3)
NEW_WORDS = "New words for everybody."
HANDED_OVER = "handed-over"  # a line in `data/` for each time that a letter went
_unlocked = bytearray()


def lay(newsroom, at):
    """Have everything due at this time, and return the names of what is."""
    from tamizdat.readers import keys
    from tamizdat.readers.keys import unattended
    from tamizdat.support.actions import lay_out_support

    keys.make(newsroom.keys, PASSPHRASE)
    unattended.rotate(newsroom.keys, at - timedelta(days=1))
    lay_out_support(newsroom)
    _articles(newsroom, at)
    _contributions(newsroom, at)
    _letters(newsroom, at)
    _reminders(newsroom, at)
    _sign_ups(newsroom, at)
    _wordings()
    _change_what_is_published()
    _unlocked[:] = keys.unlock_reader(newsroom.keys, PASSPHRASE)
    found = {f"{room}/sign-up {n}" for room in ("readers", "letters") for n in EACH}
    found.add("support/wordings")
    found |= {f"desk/held {n}" for n in EACH} | {"desk/ended"}
    found |= {f"press/changed {n}" for n in EACH}
    found |= {f"till/{what} {n}" for what in ("left", "stopped", "renewed") for n in EACH}
    found |= {f"letters/{what} {n}" for what in ("receipt", "issue", "reminder") for n in EACH}
    return found | {"letters/trial 0"}


def hold_the_key():
    """Unlock the reader key in this process, as an editor did just now."""
    from tamizdat.letters.keyring import keyring
    from tamizdat.lib import clock

    keyring.hold(bytearray(_unlocked), clock.now())


def done(newsroom):
    """Return how often each thing that was due was done."""
    found = Counter()
    for count in (_collected, _published, _printed, _booked, _told, _sent):
        found.update(count(newsroom))
    return Counter({name: times for name, times in found.items() if times})


def _articles(newsroom, at):
    from wagtail.models import Page, Revision

    from tamizdat.desk.models import ArticlePage
    from tamizdat.lib import clock
    from tamizdat.press.actions import publish
    from tests.newsdesk import NewsDesk

    desk = NewsDesk(newsroom)
    for n in EACH:
        desk.article(f"Changed {n}")
    ended = desk.article("Ended")
    later = clock.now() + timedelta(hours=1)
    for n in EACH:
        page = ArticlePage(
            title=f"Held {n}", standfirst="Until now.", section=desk.news("en"),
            body=[("text", "<p>It was held.</p>")], go_live_at=later,
        )  # fmt: skip
        desk.actions.publish(desk.actions.bring_in(page, "en"))
    publish()
    Revision.objects.filter(approved_go_live_at=later).update(
        approved_go_live_at=at - timedelta(hours=1)
    )
    Page.objects.filter(pk=ended.pk).update(expire_at=at)


def _change_what_is_published():
    """Change articles as a publication does that was killed before it printed anything."""
    from tamizdat.desk.models import ArticlePage
    from tamizdat.press.actions import mark

    for article in ArticlePage.objects.filter(title__startswith="Changed"):
        ArticlePage.objects.filter(pk=article.pk).update(standfirst=NEW_WORDS)
        mark(f"article:{article.pk}")


def _published(_newsroom):
    from tamizdat.desk.models import ArticlePage

    live = set(ArticlePage.objects.filter(live=True).values_list("title", flat=True))
    for n in EACH:
        yield from [f"desk/held {n}"] * (f"Held {n}" in live)
    yield from ["desk/ended"] * ("Ended" not in live)


def _printed(newsroom):
    for n in EACH:
        (page,) = newsroom.edition.glob(f"current/en/*/*/changed-{n}.html")
        yield from [f"press/changed {n}"] * (NEW_WORDS in page.read_text())


def _contributions(newsroom, at):
    from tamizdat.support.providers.chosen import provider
    from tamizdat.support.providers.pretend import Pretend
    from tamizdat.support.till import tasks
    from tamizdat.support.till.models import Contribution
    from tamizdat.support.till.paying import Checkout

    real = provider(newsroom)
    then = at - timedelta(days=40)
    past = Pretend(newsroom.data / "pretend.sqlite3", newsroom.addresses.till, lambda: then)
    till = Checkout(past, newsroom)
    keys = {}
    for n in EACH:
        keys[f"renewed {n}"] = _give(till, "month", then)
    then = at - timedelta(minutes=30)
    for n in EACH:
        keys[f"stopped {n}"] = _give(till, "month", then)
        keys[f"left {n}"] = _leave_in_the_middle(till, then)
    Contribution.objects.filter(key__in=[keys[f"stopped {n}"] for n in EACH]).update(to_stop=True)
    assert real.name == past.name
    (newsroom.data / "contributions.json").write_text(json.dumps(keys))
    assert timedelta(minutes=30) > tasks.ASK_AFTER


def _give(till, interval, at):
    from tamizdat.lib.money import Money
    from tamizdat.support.till import drafts

    draft = drafts.begin(Money(500, "EUR"), interval, "en", at)
    assert till.attempt(draft, GOOD_CARD, at).ending == "given"
    return draft.key(1)


def _leave_in_the_middle(till, at):
    """Charge, and write nothing of it into the books, as a till that dies in between."""
    from tamizdat.lib.money import Money
    from tamizdat.support.providers.base import Order
    from tamizdat.support.till import actions, drafts

    draft = drafts.begin(Money(500, "EUR"), "once", "en", at)
    contribution = actions.open_attempt(actions.Checked(draft, "FR", till.provider.name), at)
    till.provider.start(Order(draft.money, "once", "http://x.example"), GOOD_CARD, contribution.key)
    return contribution.key


def _booked(newsroom):
    """What stands in the books, once where the service says the same."""
    from tamizdat.support.till.models import Charge, Contribution

    keys = json.loads((newsroom.data / "contributions.json").read_text())
    states = dict(Contribution.objects.values_list("key", "state"))
    charges = Counter(Charge.objects.values_list("contribution_id", flat=True))
    for name, key in keys.items():
        if name.startswith("renewed"):
            yield from [f"till/{name}"] * (charges[key] - 1)
        elif name.startswith("stopped"):
            yield from [f"till/{name}"] * (states[key] == "stopped")
        else:
            yield from [f"till/{name}"] * (charges[key] if states[key] == "paid" else 0)


def _letters(newsroom, at):
    from tamizdat.letters import outbox
    from tamizdat.letters.actions import issues
    from tamizdat.letters.actions.newsletters import Words, save
    from tamizdat.letters.newsletters.drafting import Draft
    from tamizdat.readers import keys
    from tamizdat.readers.sealed_records import store
    from tamizdat.readers.sealing import records
    from tamizdat.readers.sealing.records import Record

    friday = save("friday", 4, {"en": Words("The Friday", "The week.", "Every Friday")}, at)
    for n in EACH:
        subscribe(newsroom, f"issue.{n}@example.org", at)
    issue = issues.compose(friday, "en", at)
    issues.edit(issue, Draft("The issue", greeting="Good evening."))
    issue.refresh_from_db()
    issues.try_out(issue, "trial.0@example.org", at)
    issues.send(approve_untested(issue), at)
    for n in EACH:
        shown = {"amount": "€5", "interval": "once", "manage_href": ""}
        record = Record("letter", f"receipt.{n}@example.org", "en", shown)
        sealed = records.seal(record, keys.reader_public(newsroom.keys))
        to = outbox.Addressed(sealed, store.copy_of(record, newsroom.keys, at))
        outbox.queue("receipt", f"r{n}", to, outbox.Words("receipt", "en"), at)


def _reminders(newsroom, at):
    from tamizdat.readers.sealed_records import store
    from tamizdat.readers.sealing.records import Record

    details = {"due": f"{at:%Y-%m-%d}", "sent": 0, "until": ""}
    for n in EACH:
        record = Record("reminder", f"reminder.{n}@example.org", "en", details)
        store.keep_record(record, newsroom.keys)


def _sent(newsroom):
    noted = newsroom.data / HANDED_OVER
    for line in noted.read_text().split() if noted.exists() else ():
        kind, _, n = line.partition("@")[0].partition(".")
        yield f"letters/{kind} {n}"


def _sign_ups(newsroom, at):
    from tamizdat.readers import keys
    from tamizdat.readers.counter.models import Envelope
    from tamizdat.readers.keys import unattended
    from tamizdat.readers.sealing import records, seal
    from tamizdat.readers.sealing.records import Record

    name = unattended.pairs(newsroom.keys)[-1].name
    for n in EACH:
        address = f"sign-up.{n}@example.org"
        record = Record("subscribe", address, "en")
        second = records.seal(record, unattended.public(newsroom.keys, name))
        sealed = {
            "reader": b64encode(seal(address, keys.reader_public(newsroom.keys))).decode(),
            "unattended": {"key": name, "sealed": b64encode(second).decode()},
        }
        payload = {
            "sealed": sealed, "newsletters": ["friday"], "language": "en",
            "consent": {"version": "1.0", "sha256": "0" * 64},
        }  # fmt: skip
        Envelope.objects.create(
            id=UUID(int=n), kind="subscribe", day=at.date(), payload=json.dumps(payload)
        )


def _collected(_newsroom):
    from tamizdat.readers.counter.models import Envelope

    waiting = set(Envelope.objects.values_list("pk", flat=True))
    for n in EACH:
        yield from [f"readers/sign-up {n}"] * (UUID(int=n) not in waiting)


def _wordings():
    from tamizdat.support.models import Appeal

    Appeal.objects.filter(language="en").update(strip=NEW_WORDS)


def _told(_newsroom):
    from tamizdat.readers.counter.models import Published

    said = Published.objects.filter(name="support").first()
    return ["support/wordings"] * (said is not None and NEW_WORDS in str(said.__dict__))
