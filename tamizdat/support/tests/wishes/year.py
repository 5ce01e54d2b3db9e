"""A year at the desk: forms come in, rounds are done, once a week the reader key is unlocked."""

import re
from datetime import UTC, datetime, timedelta
from itertools import cycle

from tamizdat.letters.actions.finishing import finish
from tamizdat.letters.delivery import deliver_due, merging, sealed_records
from tamizdat.letters.keyring import keyring
from tamizdat.letters.mailbox import one
from tamizdat.readers import tasks as readers
from tamizdat.readers import tokens
from tamizdat.readers.counter.sealed_forms import sealed_record, sealed_sign_up
from tamizdat.readers.counter.submissions import take_in
from tamizdat.readers.mailboxes.mailbox_links import CHOICE
from tamizdat.readers.sealing.records import Record
from tamizdat.support.wishes.reminder_month import offered
from tamizdat.support.wishes.reminders import Reminder, written

BEGIN = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
LINK = re.compile(r"https?://\S+?(/\w\w/[a-z/]+/[a-z2-7]{26,})")


class Year:
    """Days of a newsroom. `letters` is what came: (day, recipient, text)."""

    def __init__(self, newsroom, secret, tokens):
        self.newsroom, self._secret = newsroom, secret
        self._tokens = cycle(tokens)  # of contributions that were paid, for receipts
        self.today, self.letters, self._seen = 0, [], set()
        self.unlocked_each, self._busy = 7, 0
        self.round()

    @property
    def now(self):
        return BEGIN + self.today * DAY

    def until(self, day, forms=()):
        """Live on until a day; `forms` is by day what strangers do on it.

        Days on which nothing can happen are left out: a sign-up is over after two.
        """
        forms = dict(forms)
        while self.today < day:
            for form in forms.get(self.today, ()):
                form()
            if self.today <= self._busy + 2 or self.is_unlocked:
                self.round()
            self.today += 1

    @property
    def is_unlocked(self):
        return self.today % self.unlocked_each == self.unlocked_each - 1

    def round(self):
        """Do what the worker does; on one day of a week an editor unlocks the reader key."""
        if self.is_unlocked:
            keyring.hold(bytearray(self._secret), datetime.now(UTC))
        readers.sweep(self.now)
        for step in (sealed_records.look, merging.merge_readers, deliver_due, finish):
            step(self.now)
        keyring.lock()
        folder = self.newsroom.data / "mailbox"
        for name in {path.stem for path in folder.glob("*.eml")} - self._seen:
            self._seen.add(name)
            kept = one(folder, name)
            self.letters.append((self.today, kept.recipient, kept.text))

    def days(self, address):
        """Return on which days a letter came to an address."""
        return [day for day, recipient, _ in self.letters if recipient == address]

    def newest(self, address):
        """Return the text of the last letter that came to an address."""
        return next(text for _, to, text in reversed(self.letters) if to == address)

    def _take_in(self, kind, payload):
        self._busy = self.today
        take_in(kind, payload)

    def subscribe(self, address):
        consent = {"version": "1.0", "sha256": "0" * 64}
        sealed = sealed_sign_up(address, "en")
        said = {"newsletters": ["friday"], "language": "en", "consent": consent}
        self._take_in("subscribe", {"sealed": sealed, **said})

    def remind(self, address):
        due = offered(self.now.date())
        wish = Record("reminder", address, "en", written(Reminder(due=due)))
        self._take_in("remind", {"sealed": sealed_record(wish, at_once=False)})

    def receipt(self, address, *, each=False, token=""):
        token = token or next(self._tokens)
        asked = self.now.date().isoformat()
        said = {"token": token, "asked": asked, "each": each, "wish": 1}
        record = Record("receipt", address, "en", said)
        self._take_in("receipt", {"sealed": sealed_record(record, at_once=True)})
        return token

    def press(self, text, way):
        """Press the button behind a link in a letter, as its reader does at the counter."""
        path = next(path for path in LINK.findall(text) if f"/{way}/" in path)
        kind = {
            "confirm": "confirm",
            "remind/again": "remind_again",
            "receipt/cancel": "cancel_receipts",
        }
        self._take_in(kind[way], {"token": tokens.digest(path.rpartition("/")[2])})

    def say(self, text, what):
        """Press one of the two buttons of the mailbox to which a letter came."""
        path = next(path for path in LINK.findall(text) if "/mailbox/" in path)
        record = Record(CHOICE, path.rpartition("/")[2], "en", {"say": what})
        self._take_in(CHOICE, {"sealed": sealed_record(record, at_once=True)})
