"""A till with a service and a clock of its own, for stories about giving."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tamizdat.lib import alerts
from tamizdat.lib.money import Money
from tamizdat.support.providers.pretend import Pretend
from tamizdat.support.till import drafts, tasks
from tamizdat.support.till.models import Charge, Contribution, Cursor
from tamizdat.support.till.paying import Checkout

FIRST = datetime(2026, 1, 15, 12, tzinfo=UTC)
GOOD = "4242 4242 4242 4242"


@dataclass
class Shop:
    """A till with its service and a clock that the test moves."""

    checkout: Checkout
    at: datetime = FIRST
    drafts: list = field(default_factory=list)

    @property
    def service(self):
        return self.checkout.provider

    def pass_(self, **span):
        self.at += timedelta(**span)

    def begin(self, interval="once", minor=500):
        return drafts.begin(Money(minor, "EUR"), interval, "en", self.at)

    def pay(self, draft, card=GOOD):
        return self.checkout.attempt(draft, card, self.at)

    def give(self, interval="once", card=GOOD):
        draft = self.begin(interval)
        end = self.pay(draft, card)
        return end, Contribution.objects.filter(key=draft.key(1)).first()

    def sweep(self):
        tasks.reconcile(self.checkout, self.at)

    def told(self):
        """What is told of this till."""
        return {alert.key: alert for alert in alerts.standing(self.checkout.newsroom.data)}

    def refuse_also(self, country):
        support = self.checkout.newsroom.support
        listed = replace(support, refused_countries=support.refused_countries | {country})
        newsroom = replace(self.checkout.newsroom, support=listed)
        self.checkout = Checkout(self.service, newsroom)

    def asked_of_banks(self):
        with self.service.service.book.change() as db:
            return db.execute("SELECT count(*) FROM bank").fetchone()[0]

    def charged_there(self):
        """What the service's own book says was charged: ref and amount."""
        with self.service.service.book.change() as db:
            return sorted(tuple(row) for row in db.execute("SELECT ref, minor FROM charge"))

    def charged_here(self):
        return sorted(Charge.objects.values_list("ref", "minor"))


def open_shop(folder, newsroom):
    """Open a till with empty books and a service that nobody used before."""
    for rows in (Charge, Contribution, Cursor):
        rows.objects.all().delete()
    newsroom = replace(newsroom, folder=folder)  # what is told is told there
    for place in (newsroom.keys, newsroom.data):
        place.mkdir(exist_ok=True)
    shop = Shop(Checkout(None, newsroom))
    service = Pretend(folder / "pretend.sqlite3", newsroom.addresses.till, lambda: shop.at)
    shop.checkout = Checkout(service, newsroom)
    return shop
