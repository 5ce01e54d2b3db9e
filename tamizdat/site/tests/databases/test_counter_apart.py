"""A counter on a machine of its own: its settings, a PostgreSQL database, and two rights in it."""

import json
import os
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.sealing import SUITE, record_info
from tamizdat.readers.tests import room
from tamizdat.support.tests.box import Answer, Box, free_port, wait_for
from tests.databases import OnSqlite
from tests.postgres import server

ADDRESS = "planted.reader@example.org"
TOKEN = "abcdefghijklmnopqrstuvwxyz"
RIGHTS = (
    "REVOKE ALL ON DATABASE counter FROM PUBLIC",
    "GRANT CONNECT ON DATABASE counter TO counter",
    "GRANT SELECT ON counter_published TO counter",
    "GRANT INSERT ON counter_envelope TO counter",
)
DESK_STARTS = "from tamizdat.site.founding.newsroom import keep_up; keep_up(newsroom)"
DESK_NAMES = """
from tamizdat.letters.actions.newsletters import Words, save
from tamizdat.lib import clock
save("friday", 4, {{"en": Words({name!r}, "The week.", "Every Friday")}}, clock.now())
"""
DESK_WORKS = (
    "from tamizdat.readers.tasks import sweep; from tamizdat.lib import clock; sweep(clock.now())"
)


class Desk:
    """The other machine."""

    def __init__(self, newsroom, database, process):
        self.newsroom = newsroom
        self._database = database
        self._process = process

    def does(self, code):
        """Do something in a process of the desk's, as its owner of the counter's database."""
        self._process.stdin.write(json.dumps(code) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        assert said == ""

    def submissions(self):
        with psycopg.connect(self._database) as connection:
            found = connection.execute("SELECT kind, payload FROM counter_envelope")
            return [(kind, json.loads(payload)) for kind, payload in found]


@contextmanager
def desk_at_hand(newsroom, database):
    variables = {"COUNTER_DATABASE_URL": database, "TAMIZDAT_ROLE": "desk"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tamizdat.site.tests.desk_at_hand"],
        env={**os.environ, "TAMIZDAT_NEWSROOM": str(newsroom.folder), **variables},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        yield Desk(newsroom, database, process)


@pytest.fixture(scope="module")
def machine():
    """A database server between the two, which a story may stop."""
    with server() as running:
        running.run("CREATE DATABASE counter")
        running.run("CREATE ROLE counter LOGIN")
        yield running


@pytest.fixture(scope="module")
def desk(django_db_setup, tmp_path_factory, machine):
    folder = tmp_path_factory.mktemp("apart")
    keys.make(folder / "keys", "open sesame")
    own = room.lay_out(folder / "desk", SimpleNamespace(keys=folder / "keys"))
    OnSqlite().of_its_own(own.folder)
    with desk_at_hand(own, machine.address("counter")) as desk:
        yield desk


@pytest.fixture(scope="module")
def bare(desk, tmp_path_factory):
    """The counter's folder, as the howto has it: settings and looks, no keys and no data."""
    folder = tmp_path_factory.mktemp("apart") / "counter"
    (folder / "theme").mkdir(parents=True)
    settings = (desk.newsroom.folder / "tamizdat.toml").read_text()
    (folder / "tamizdat.toml").write_text(settings.replace("8001", str(free_port())))
    return folder


@pytest.fixture(scope="module")
def served(bare, machine, tmp_path_factory):
    """`tamizdat serve --role counter`, started before the desk ever was."""
    counter = Box(bare, OnSqlite())
    log = tmp_path_factory.mktemp("apart") / "log"
    environment = {**os.environ, "COUNTER_DATABASE_URL": machine.address("counter", "counter")}
    environment.pop("TAMIZDAT_NEWSROOM")
    command = [sys.executable, "-m", "tamizdat.site", "--newsroom", str(bare)]
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "serve", "--role", "counter"], env=environment, stdout=out, stderr=out
        )
    try:
        wait_for(counter.newsroom.addresses.counter)
        yield counter
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert ADDRESS not in log.read_text()
    assert TOKEN not in log.read_text()


def at_last(ask, status):
    """Return the answer as soon as it has this status, or what it is after 20 seconds."""
    until = time.monotonic() + 20
    while (answer := ask()).status != status and time.monotonic() < until:
        time.sleep(0.1)
    return answer


def test_it_waits_for_the_desk_and_then_does_all_its_errands(served, bare, desk, machine):
    at = served.newsroom.addresses.counter
    assert served.get(f"{at}/en/subscribe").status == 503
    assert served.post(f"{at}/en/confirm/{TOKEN}").status == 503, "nothing was kept: it says so"
    assert served.get(f"{at}/en/confirm/{TOKEN}").status == 200

    desk.does(DESK_STARTS + DESK_NAMES.format(name="The Friday Scales"))
    for right in RIGHTS:
        machine.run(right, "counter")

    form = at_last(lambda: served.get(f"{at}/en/subscribe"), 200)
    assert "The Friday Scales" in form.text
    sign_up = {"address": ADDRESS, "newsletter": "friday", "consent": _consent(form)}
    answers = [
        served.post(f"{at}/en/subscribe", **sign_up),
        served.post(f"{at}/en/confirm/{TOKEN}"),
        served.post(f"{at}/en/leave/{TOKEN}"),
        served.post(f"{at}/en/remind", address=ADDRESS),
        served.post(f"{at}/en/remind/cancel/{TOKEN}"),
        served.post(f"{at}/en/receipt/{TOKEN}", address=ADDRESS),
    ]
    assert [answer.status for answer in answers] == [200] * 5 + [503]  # no till: no receipt
    assert served.get(f"{at}/en/give").status == 200
    kinds = {kind for kind, _ in desk.submissions()}
    assert kinds == {"subscribe", "confirm", "leave", "remind", "cancel_reminder"}
    assert sorted(path.name for path in bare.iterdir()) == ["tamizdat.toml", "theme"]


class AtHand:
    """A counter with the test's clock."""

    def __init__(self, process):
        self._process = process

    def __call__(self, **wish):
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        status, text = json.loads(self._process.stdout.readline())
        return Answer(status, {}, text)

    def signs_up(self, **more):
        form = self(get="/en/subscribe")
        fields = {"address": ADDRESS, "newsletter": ["friday"], "consent": _consent(form)}
        return self(post="/en/subscribe", fields=fields, **more)


@pytest.fixture(scope="module")
def begun(bare, desk, machine):
    """A counter of a desk that has started."""
    desk.does(DESK_STARTS)
    for right in RIGHTS:
        machine.run(right, "counter")
    with at_hand(bare, machine.address("counter", "counter")) as answers:
        yield answers


@pytest.fixture
def counter(begun, desk):
    desk.does(DESK_NAMES.format(name="The Friday Scales"))
    begun(later=60)
    return begun


@contextmanager
def at_hand(folder, database):
    process = subprocess.Popen(
        [sys.executable, "-m", "tamizdat.readers.tests.counter.counter_at_hand"],
        env={**os.environ, "TAMIZDAT_NEWSROOM": str(folder), "COUNTER_DATABASE_URL": database},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        yield AtHand(process)


def test_what_changes_at_the_desk_is_at_the_counter_half_a_minute_later(counter, desk, tmp_path):
    assert "The Friday Scales" in counter(get="/en/subscribe").text
    assert counter.signs_up().status == 200
    desk.does(DESK_NAMES.format(name="The Weekend Scales"))
    for pair in unattended.pairs(desk.newsroom.keys):
        unattended.destroy(desk.newsroom.keys, pair.name)
    desk.does(DESK_WORKS)
    assert "The Friday Scales" in counter(get="/en/subscribe").text, "it asks only now and then"

    counter(later=30)

    assert "The Weekend Scales" in counter(get="/en/subscribe").text
    assert counter.signs_up().status == 200
    sealed = [payload["sealed"]["unattended"] for kind, payload in desk.submissions()]
    assert ADDRESS in _opened(sealed[-1], desk.newsroom.keys)


def test_while_the_database_is_away_pages_stay_and_nothing_is_said_to_be_kept(
    counter, desk, machine
):
    assert counter.signs_up().status == 200
    kept = len(desk.submissions())
    machine.stop("fast")

    counter(later=60)

    assert "Scales" in counter(get="/en/subscribe").text
    assert counter(get="/en/give").status == 200
    assert counter.signs_up().status == 503
    assert counter(post=f"/en/leave/{TOKEN}", fields={}).status == 503
    assert "Nothing was kept" in counter.signs_up().text
    machine.start()
    assert len(desk.submissions()) == kept
    assert counter.signs_up().status == 200
    assert len(desk.submissions()) == kept + 1


def test_what_may_have_been_kept_is_not_said_to_be_lost(counter, desk, machine):
    """A database that does not answer in time may still do what it was asked."""
    assert counter.signs_up().status == 200
    kept = len(desk.submissions())
    with psycopg.connect(machine.address("counter")) as somebody:
        somebody.execute("LOCK TABLE counter_envelope IN ACCESS EXCLUSIVE MODE")
        answer = counter(post=f"/en/leave/{TOKEN}", fields={})

    assert answer.status == 503
    assert "Nothing was kept" not in answer.text
    assert "try again in a few minutes" in answer.text
    assert counter.signs_up().status == 200
    assert len(desk.submissions()) == kept + 2, "it was kept, in fact"


def test_beside_the_desk_on_sqlite_it_waits_for_the_desk_too(desk, tmp_path):
    own = room.lay_out(tmp_path / "box", desk.newsroom)
    OnSqlite().of_its_own(own.folder)
    (own.data / "counter.sqlite3").unlink()
    with at_hand(own.folder, "") as counter, desk_at_hand(own, "") as beside:
        assert counter(get="/en/subscribe").status == 503
        assert counter(post=f"/en/leave/{TOKEN}", fields={}).status == 503

        beside.does(DESK_STARTS + DESK_NAMES.format(name="The Friday Scales"))
        counter(later=30)

        assert counter.signs_up().status == 200
    sql = "SELECT kind FROM counter_envelope"
    assert OnSqlite().rows("counter", own.folder, sql) == [("subscribe",)]


def _consent(form):
    return form.text.partition('name="consent" value="')[2].partition('"')[0]


def _opened(sealed, folder):
    """Open what was sealed to an unattended key, with no code of ours that opens."""
    secret = bytes(unattended.secret(folder, sealed["key"]))
    halves = (
        MLKEM768PrivateKey.from_seed_bytes(secret[: keys.MLKEM_SEED]),
        X25519PrivateKey.from_private_bytes(secret[keys.MLKEM_SEED :]),
    )
    private = MLKEM768X25519PrivateKey(*halves)
    info = record_info(sealed["key"])
    return SUITE.decrypt(b64decode(sealed["sealed"]), private, info).partition(b"\x80")[0].decode()
