"""kill -9 of a till while somebody gives monthly: they end with their link, charged once."""

import http.client
import itertools
import json
import os
import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from tamizdat.support.tests.box import furnish, wait_for
from tamizdat.support.till.tests.mortal import POINTS
from tamizdat.support.tokens import digest

GOOD, ASKS = "4242424242424242", "4000002500003155"
POINTS_OF_RETURN = ("before leading back", "after the books")


class Till:
    """A till that is started again whenever it died, as `serve` does, and a giver's browser."""

    def __init__(self, box):
        self.box = box
        self.process = None
        self.deaths = 0
        self.begin_again()

    def begin_again(self):
        port = urlsplit(self.box.newsroom.addresses.till).port
        command = [sys.executable, "-m", "tamizdat.support.till.tests.mortal", str(port)]
        with (self.box.folder / "till.log").open("a") as log:
            environment = self.box.environment("till")
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        wait_for(self.box.newsroom.addresses.till)

    def die_at(self, point):
        (self.box.folder / "data" / "die-at").write_text(point)

    def kill(self):
        """kill -9 between two requests, whatever was to happen."""
        self.process.kill()
        self._restart()

    def _restart(self):
        self.process.wait(timeout=20)
        self.deaths += 1
        self.begin_again()

    def ask(self, method, address, **fields):
        """Ask like a browser whose user loads the page again when the connection broke."""
        request = getattr(self.box, method)
        try:
            return request(address, **fields)
        except (OSError, http.client.HTTPException):
            self._restart()
            return None


@pytest.fixture(scope="module")
def till(tmp_path_factory, databases):
    from pathlib import Path

    settings = (Path(os.environ["TAMIZDAT_NEWSROOM"]) / "tamizdat.toml").read_text()
    till = Till(furnish(tmp_path_factory.mktemp("killed") / "newsroom", settings, databases))
    yield till
    till.process.kill()
    till.process.wait(timeout=20)


def begin(till):
    asked = {"amount": 500, "currency": "EUR", "interval": "month", "language": "en"}
    answer = till.box.call("/begin", json.dumps(asked), caller="counter")
    return json.loads(answer.text)["pay"]


def pay(till, address, card):
    """Press Pay; where the connection broke load the page again, and press again if it asks to."""
    for _ in range(5):
        answer = till.ask("post", address, handle=card)
        if answer is None:
            answer = till.ask("get", address)
        if answer is not None and 'name="handle"' not in answer.text:
            return answer
    raise AssertionError("the payment page came again and again")


def answer_bank(till, shown):
    """Say yes to the bank, and come back; where the connection broke load the address again."""
    question = re.search(r'href="([^"]*/pretend/question/[^"]*)"', shown.text)[1]
    back = till.ask("post", question, answer="yes")
    for _ in range(5):
        answer = till.ask("get", back.location)
        if answer is not None:
            return answer
    raise AssertionError("no way back")


def check(till, end):
    """The giver stands at the thanks page with their token, and was charged once."""
    assert end.status == 303, end.text
    assert "/en/thanks/" in end.location
    token_hash = digest(end.location.rpartition("/")[2])
    sql = "SELECT key, state FROM till_contribution WHERE token_hash = ?"
    ((key, state),) = till.box.rows(sql, token_hash)
    sql = "SELECT count(*) FROM till_charge WHERE contribution_id = ?"
    assert (state, till.box.rows(sql, key)) == ("running", [(1,)])
    there = "SELECT count(*) FROM charge JOIN gift ON gift.ref = charge.gift WHERE gift.key = '{}'"
    assert till.box.service_rows(there.format(key)) == [(1,)]


def given_through(till, point, card, *, on_return=False):
    deaths = till.deaths
    address = begin(till)
    if not on_return:
        till.die_at(point)
    shown = pay(till, address, card)
    if on_return:
        till.die_at(point)
    end = answer_bank(till, shown) if card == ASKS else shown
    assert till.deaths == deaths + 1, f"nobody died {point}"
    check(till, end)


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_charging(till, point):
    given_through(till, point, GOOD)


@pytest.mark.parametrize("point", POINTS)
def test_killed_before_the_bank_is_asked(till, point):
    given_through(till, point, ASKS)


@pytest.mark.parametrize("point", POINTS_OF_RETURN)
def test_killed_while_coming_back_from_the_bank(till, point):
    given_through(till, point, ASKS, on_return=True)


def test_killed_between_all_steps(till):
    address = begin(till)
    till.kill()
    assert till.box.get(address).status == 200
    till.kill()
    shown = till.box.post(address, handle=ASKS)
    till.kill()
    check(till, answer_bank(till, shown))
    till.kill()
    check(till, till.box.get(address))


def give_through_deaths(till, rounds):
    """Give monthly again and again, dying somewhere each time; `make soak` does it many times."""
    ways = [(point, card, False) for point in POINTS for card in (GOOD, ASKS)]
    ways += [(point, ASKS, True) for point in POINTS_OF_RETURN]
    for point, card, on_return in itertools.islice(itertools.cycle(ways), rounds):
        given_through(till, point, card, on_return=on_return)
