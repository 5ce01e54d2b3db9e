"""Desk, counter and till on machines of their own, made by the howtos, word for word.

Each machine is a folder with what the howtos put there. PostgreSQL has the roles and rights that
they name, Caddy stands before the counter and nginx before the till, with what they printed.
"""

import email
import email.policy
import re
import time
from contextlib import closing, contextmanager

import psycopg
import pytest

from tamizdat.lib import worker_socket
from tamizdat.lib.newsroom import load
from tamizdat.readers.keys import unattended
from tamizdat.support.tests.box import Box, hidden
from tests.at_the_desk import AtTheDesk
from tests.databases import NAMES, OnPostgresql, OnSqlite
from tests.free_ports import free_ports
from tests.howtos import steps
from tests.machines_apart import Machine, World, socket_of
from tests.waiting import at_last

PASSPHRASE, PASSWORD = "seven slow copper kettles", "a lantern in the mill"
CARD, CARD_THAT_ASKS, LISTED = "4242424242424242", "4000002500003155", "4000006430000009"
DAYS_45_S = 45 * 86_400
# A note is kept when the letter of a sign-up is handed over.
ANSWERED = """
    SELECT count(*) FROM readers_pending
    WHERE note IS NOT NULL AND expires_at > now() + interval '30 days'
"""


class Newsroom:
    """The three machines, and what readers and an editor do with them."""

    def __init__(self, folder, postgres):
        first = free_ports(4)
        self.at = f"http://127.0.0.1:{first}"
        self.clock = folder / "clock"
        said = {
            "https://sheet.example.org": self.at,
            "@db.internal/": f"@{socket_of(postgres)}/",
        }
        told = {
            "TAMIZDAT_PASSPHRASE": PASSPHRASE,
            "TAMIZDAT_PASSWORD": PASSWORD,
            "TAMIZDAT_CLOCK": str(self.clock),
        }
        self.world = World(folder, postgres, said, told)
        ports = {"desk": first, "counter": free_ports(4), "till": free_ports(4)}
        self.machines = {
            f"{name}.internal": Machine(self.world, f"{name}.internal", port)
            for name, port in ports.items()
        }
        self.desk, self.counter, self.till = self.machines.values()
        self.printed = {}  # by the last command of each machine: its doctor
        self.reader = Box(self.desk.newsroom, OnSqlite())
        self.editor = None

    def follow(self, howto):
        """Do all that a howto says, up to where each machine is asked how it is."""
        for block in steps(howto):
            if block.kind == "sql":
                self.world.run_sql(block.text)
                continue
            machine = self.machines[block.machine]
            if "doctor" in block.text:
                machine.is_up()
                self.web_is_up()
            self.printed[block.machine] = machine.follow(block)

    def web_is_up(self):
        for role in ("counter", "till", "desk"):
            at_last(lambda role=role: self.status(f"{self.address(role)}/") in (200, 302, 404))

    def address(self, role):
        return getattr(load(self.desk.newsroom).addresses, role)

    def status(self, address):
        try:
            return self.reader.get(address).status
        except OSError:
            return 0

    def asks(self, path, **fields):
        """Ask the counter, as a reader's browser does."""
        address = self.address("counter") + path
        return self.reader.post(address, **fields) if fields else self.reader.get(address)

    def works(self, *machines):
        """Have the workers do a round now, instead of within the minute."""
        for machine in machines or (self.desk,):
            assert worker_socket.wake(load(machine.newsroom), "database")

    def letter(self, to, says):
        """Return a letter to this address with these words in it, once it was handed over."""
        return at_last(lambda: self._letter(to, says))

    def _letter(self, to, says):
        for path in sorted((self.desk.newsroom / "data/mailbox").glob("*.eml")):
            letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            text = letter.get_body(("plain",)).get_content()
            if letter["To"] == to and says in text:
                return text
        return ""

    def rows(self, database, sql):
        with closing(psycopg.connect(self.world.server.address(database))) as connection:
            return connection.execute(sql).fetchall()

    def until(self, database, sql, expected):
        """Wait until a question to a database has this answer."""
        at_last(lambda: self.rows(database, sql)[0][0] == expected)
        assert self.rows(database, sql)[0][0] == expected

    def signs_up(self, address):
        consent = hidden(self.asks("/en/subscribe").text, "consent")
        fields = {"address": address, "newsletter": "friday", "consent": consent}
        return self.asks("/en/subscribe", **fields)

    def subscribes(self, address):
        """Sign up and press the button of the letter that comes."""
        assert self.signs_up(address).status == 200
        self.works()
        link = self.path_in(self.letter(address, "/confirm/"), "confirm")
        assert self.asks(link, sure="yes").status == 200
        self.works()

    def path_in(self, text, kind):
        """Return the path of a link in a letter, which leads to the counter."""
        found = re.search(rf"{re.escape(self.address('counter'))}(/\S+/{kind}/[\w-]+)", text)
        return found[1]

    def gives(self, interval, card=CARD):
        """Give, and return the answer of the payment page and the token of the manage link."""
        asked = {"interval": interval, f"amount_{interval}": "1000"}
        assert "declared" in self.asks("/en/give", **asked).text
        begun = self.asks("/en/declare", declared="yes", interval=interval, minor="1000")
        assert begun.status == 303, begun.text
        assert begun.location.startswith(self.address("till"))
        paid = self.reader.post(begun.location, handle=card)
        return paid, paid.location.rpartition("/")[2]

    def unlock(self):
        """Type the passphrase of the reader key at the desk."""
        assert "open for half an hour" in self.editor.unlock(PASSPHRASE)
        self.works()


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    with kept_tables() as postgres:
        made = Newsroom(tmp_path_factory.mktemp("machines"), postgres)
        with made.world.left:
            made.follow("three-machines")
            made.editor = AtTheDesk(made.address("desk"))
            made.editor.sign_in("nora@example.org", PASSWORD)
            yield made


@contextmanager
def kept_tables():
    """A database server that holds nothing but the tables for `tests/init_quickly.py`."""
    databases = OnPostgresql()
    try:
        databases.provide()
        for name in NAMES.values():
            databases.server.run(f"DROP DATABASE {name}")
        yield databases.server
    finally:
        databases.remove()


PRETENDED = ("DO   readers are asked for money, but payments", "DO   letters reach nobody")


def test_each_machine_holds_what_the_howtos_say_and_its_doctor_is_content(sheet):
    assert sheet.counter.holds() == {"tamizdat.toml", "keys", "counter.key"}
    assert sheet.till.holds() >= {"till.key", "counter.key", "data"}
    assert not sheet.till.holds() & {"reader.private", "django.key", "letters.key", "media"}
    assert not list((sheet.desk.newsroom / "data").glob("*.sqlite3"))
    said = {name.partition(".")[0]: text for name, text in sheet.printed.items()}
    for name, text in said.items():
        to_do = [line for line in text.splitlines() if line.startswith("DO")]
        assert [line for line in to_do if not line.startswith(PRETENDED)] == [], name
        assert "UNKNOWN" not in text
    assert "the till answers" in said["desk"]
    assert "the till answers" in said["counter"]
    assert "the worker runs" in said["till"]
    assert "which donors can be looked up" not in said["desk"]
    assert "which donors can be looked up" in said["till"]
    assert "reader" not in said["till"].replace("readers", "")


def test_roles_in_the_database_have_the_rights_that_they_need_and_no_others(sheet):
    for role, database in (("counter", "desk"), ("till", "desk"), ("till", "counter"),
                           ("counter", "till"), ("desk", "till")):  # fmt: skip
        with pytest.raises(psycopg.Error, match="permission denied"):
            psycopg.connect(sheet.world.server.address(database, role))
    with (
        psycopg.connect(sheet.world.server.address("counter", "counter")) as counter,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        counter.execute("SELECT count(*) FROM counter_envelope")


def test_a_newsletter_begins_at_the_desk_and_a_reader_signs_up_reads_and_leaves(sheet):
    sheet.editor.make_newsletter("friday", "The Friday Sheet")
    assert at_last(lambda: "The Friday Sheet" in sheet.asks("/en/subscribe").text)

    sheet.subscribes("ada@example.org")
    sheet.until("desk", "SELECT count(*) FROM readers_reader", 1)
    sheet.editor.publish("Nobody hears the bell")
    sheet.unlock()
    sheet.editor.send_issue("A bell and other sounds")
    sheet.works()
    issue = sheet.letter("ada@example.org", "hears the bell")
    first = sheet.letter("ada@example.org", "/mailbox/")
    assert sheet.asks(sheet.path_in(first, "mailbox"), say="yes").status == 200

    sheet.editor.ask_what_is_held("ada@example.org")
    sheet.unlock()
    assert sheet.letter("ada@example.org", "we hold")

    assert sheet.asks(sheet.path_in(issue, "leave"), sure="yes").status == 200
    sheet.works()
    sheet.until("desk", "SELECT count(*) FROM readers_reader", 0)


def test_readers_give_once_each_month_and_each_year_and_stop(sheet):
    refused, _ = sheet.gives("once", LISTED)
    assert "safely" in refused.text
    for interval in ("once", "month", "year"):
        paid, token = sheet.gives(interval)
        assert paid.status == 303, paid.text
        assert sheet.asks(f"/en/thanks/{token}").status == 200
    receipt = sheet.asks(f"/en/receipt/{token}", address="gil@example.org", each="yes")
    assert receipt.status == 200
    sheet.works()
    assert sheet.letter("gil@example.org", "10")

    asked, _ = sheet.gives("once", CARD_THAT_ASKS)
    answered = sheet.reader.post(asked.location, answer="yes")
    assert sheet.reader.get(answered.location).location.startswith(sheet.address("counter"))

    page = sheet.editor.get("/desk/")
    assert "Annual" in page
    assert "from a listed country" in page
    assert "stop" in sheet.asks(f"/en/manage/{token}").text
    assert sheet.asks(f"/en/manage/{token}", sure="yes").status == 200
    states = sheet.rows(
        "till", "SELECT state, interval FROM till_contribution ORDER BY state, interval"
    )
    assert states == [("paid", "once"), ("paid", "once"), ("running", "month"), ("stopped", "year")]


@pytest.fixture(scope="module")
def watched(sheet):
    """What `doctor --watch` says at the desk and at the counter."""
    said = {
        name: machine.begin("doctor", "--watch", "--every", "2")
        for name, machine in (("desk", sheet.desk), ("counter", sheet.counter))
    }

    def says(machine, state, what):
        pattern = rf" {state} +{re.escape(what)}"
        return at_last(lambda: re.search(pattern, said[machine].read_text()))

    return says


def test_while_the_till_is_away_the_others_go_on_and_say_so(sheet, watched):
    _, token = sheet.gives("month")
    sheet.till.stop()

    assert sheet.asks("/en/declare", declared="yes", interval="once", minor="500").status == 503
    assert sheet.asks(f"/en/manage/{token}").status == 503
    assert sheet.asks("/en/remind", address="lee@example.org").status == 200
    assert "does not answer" in sheet.editor.get("/desk/")
    sentence = f"the till does not answer at {sheet.address('till')}"
    assert watched("desk", "DO", sentence)
    assert watched("counter", "DO", sentence)

    sheet.till.start()
    sheet.till.is_up()
    assert sheet.gives("once")[0].status == 303
    assert watched("desk", "over", sentence)
    assert watched("counter", "over", sentence)


def test_while_the_counter_is_away_the_others_go_on_and_it_comes_back_with_what_is_new(
    sheet, watched
):
    begun = sheet.asks("/en/declare", declared="yes", interval="once", minor="700")
    sheet.counter.stop()

    assert sheet.status(f"{sheet.address('counter')}/en/subscribe") == 502
    assert sheet.reader.post(begun.location, handle=CARD).status == 303
    assert watched("desk", "DO", f"the counter does not answer at {sheet.address('counter')}")
    sheet.editor.post("/desk/snippets/support/appeal/edit/1/", declaration="I know what I do.")
    for pair in unattended.pairs(load(sheet.desk.newsroom).keys):
        unattended.destroy(load(sheet.desk.newsroom).keys, pair.name)
    sheet.works()
    new = at_last(lambda: unattended.pairs(load(sheet.desk.newsroom).keys))[0].name
    published = "SELECT text FROM counter_published WHERE name = 'keys'"
    assert at_last(lambda: new in sheet.rows("counter", published)[0][0])

    sheet.counter.start()
    sheet.counter.is_up()
    assert "I know what I do." in sheet.asks("/en/give", interval="once", amount_once="500").text
    sheet.subscribes("noor@example.org")  # by a letter that only the new key opens unattended
    assert watched("desk", "over", f"the counter does not answer at {sheet.address('counter')}")


def test_while_the_desk_is_away_readers_are_heard_and_charged_and_nothing_is_lost(sheet, watched):
    # A round that is frozen in its middle would go on by the clock of before.
    sheet.until("counter", "SELECT count(*) FROM counter_envelope", 0)
    sheet.until("desk", "SELECT count(*) FROM letters_letter WHERE state <> 'handed'", 0)
    time.sleep(1)
    charged = "SELECT count(*) FROM till_charge"
    before = sheet.rows("till", charged)[0][0]
    with sheet.desk.frozen():
        sheet.clock.write_text(str(DAYS_45_S))
        assert watched("counter", "DO", "the desk publishes nothing to this counter now")
        assert sheet.signs_up("ola@example.org").status == 200
        assert sheet.gives("month")[0].status == 303
        sheet.works(sheet.till)
        assert at_last(lambda: sheet.rows("till", charged)[0][0] > before + 1), "renewed"
        signed_up = "SELECT count(*) FROM counter_envelope WHERE kind = 'subscribe'"
        assert sheet.rows("counter", signed_up) == [(1,)]

    sheet.works()
    sheet.until("counter", "SELECT count(*) FROM counter_envelope", 0)
    worker_socket.ask(load(sheet.desk.newsroom), "unlock", PASSPHRASE.encode())
    sheet.works()  # the mailbox on screen deletes at once what its clock calls two days old
    handed = (
        "SELECT count(*) FROM letters_letter WHERE state = 'handed' AND kind = 'answer' "
        "AND queued_at > now() + interval '40 days'"  # by the clock that was moved
    )
    assert at_last(lambda: sheet.rows("desk", handed)[0][0] >= 2), "confirmation and reminder"
    sheet.until("desk", ANSWERED, 1)
    assert watched("counter", "over", "the desk publishes nothing to this counter now")


def test_no_machine_logs_a_reader_and_each_stops_within_ten_seconds(sheet):
    for machine in (sheet.desk, sheet.counter, sheet.till):
        begun = time.monotonic()
        assert machine.stop() == 0
        assert time.monotonic() - begun < 10
        for path in machine.root.rglob("*"):
            if path.suffix in (".log", ".said") or path.name in ("log", "said"):
                assert "@example.org" not in path.read_text(), path
    assert "reader key" not in sheet.till.log()
