"""A till in a process of its own, to be killed: run by test_crash.py."""

import json
import os
import random
import signal
import sys
from datetime import timedelta

import django

from tamizdat.lib import clock, newsroom
from tamizdat.lib.money import Money

CARDS = ["4242424242424242", "5555555555554444", "4000000000000002", "4000000000000341"]


def main(verb):
    ours = newsroom.load(newsroom.find())
    django.setup()
    return {"forever": forever, "settle": settle}.get(verb, die)(ours, verb)


def die(ours, point):
    """Charge a contribution and die at `point`."""
    till(ours, point).attempt(draft(), CARDS[0], clock.now())


def forever(ours, _verb):
    """Charge one contribution after the other, saying each time that one is done, until killed."""
    checkout = till(ours, "never")
    while True:
        checkout.attempt(draft(), random.choice(CARDS), clock.now())
        os.write(1, b".")


def settle(ours, _verb):
    """Sweep as after a restart, and say what both books hold."""
    from tamizdat.support.till import tasks
    from tamizdat.support.till.models import Charge, Contribution
    from tamizdat.support.till.states import NOT_SETTLED

    checkout = till(ours, "never")
    tasks.reconcile(checkout, clock.now() + timedelta(minutes=11))
    with checkout.provider.service.book.change() as db:
        there = sorted(tuple(row) for row in db.execute("SELECT ref, minor FROM charge"))
        keys = [row["key"] for row in db.execute("SELECT key FROM gift")]
    said = {
        "there": there,
        "here": sorted(Charge.objects.values_list("ref", "minor")),
        "states": sorted(Contribution.objects.values_list("state", flat=True)),
        "open": Contribution.objects.filter(state__in=NOT_SETTLED).count(),
        "unknown_here": len(set(keys) - set(Contribution.objects.values_list("key", flat=True))),
        "most_charges": max(
            [0, *(contribution.charges.count() for contribution in Contribution.objects.all())]
        ),
    }
    sys.stdout.write(json.dumps(said))


def till(ours, point):
    from tamizdat.support.providers.pretend import Pretend
    from tamizdat.support.till.paying import Checkout

    class Mortal(Pretend):
        """The pretend service, seen by a till whose machine loses power."""

        def _start(self, order, method_token, key):
            if point == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            outcome = super()._start(order, method_token, key)
            if point == "after":
                os.kill(os.getpid(), signal.SIGKILL)
            return outcome

    service = Mortal(ours.data / "pretend.sqlite3", ours.addresses.till)
    return Checkout(service, newsroom.load(ours.folder))


def draft():
    from tamizdat.support.till import drafts

    interval = random.choice(["once", "month", "year"])
    return drafts.begin(Money(random.randint(200, 9000), "EUR"), interval, "en", clock.now())


if __name__ == "__main__":
    main(sys.argv[1])
