"""What follows when a relay does something wrong: every line of docs/reference/mail-relays.md."""

import re
import socket
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tamizdat.letters.actions import issues
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Letter
from tamizdat.letters.providers import smtp
from tamizdat.letters.providers.line import Patience
from tamizdat.letters.tests.conftest import NOON
from tamizdat.lib import alerts
from tests.approved_issue import approved_issue
from tests.bad_relay import DRIP, DROP, HANG, NONSENSE, RESET, BadRelay, Fault

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
DOCUMENT = Path(__file__).parents[4] / "docs/reference/mail-relays.md"
READERS = [f"reader{n:02}@example.org" for n in range(12)]
ONE = READERS[4]
LITTLE_S = 0.3  # for what never answers
SHORT, LONG = Patience(*[LITTLE_S] * 6, 0.1), Patience()
MINUTE = timedelta(minutes=1)

# What follows. The sentences are those of the document.
UNTOUCHED = "No letter is touched. The round ends."
WAITS = "This letter waits. The round ends."
REPEATED = "This letter is repeated once. The round ends."
GO_ON = "Letters go on."
ANEW = "Letters go on over a new connection, at once."
REFUSED = "This reader's letter is refused. The others go on."
LATER = "This reader's letter waits. The others go on."
THREE = "After three in a row no letter is touched. The round ends."
TEN = "After ten in a row no letter is touched. The round ends."
ISSUE = "After three in a row no letter of the issue is touched. The issue waits."


@dataclass(frozen=True)
class Row:
    """One line of the document, and the faults that make it."""

    step: str
    happens: str
    follows: str
    does: str
    times: int = 10**9
    after: int = 0
    of: str = ""
    before: tuple[Fault, ...] = ()
    taken: int = 0  # letters that are handed over all the same

    @property
    def faults(self):
        return (*self.before, Fault(self.step, self.does, self.times, self.after, self.of))

    @property
    def extensions(self):
        """What the relay offers, so that we come to this step."""
        offers = {"STARTTLS": "STARTTLS", "TLS": "STARTTLS", "AUTH": "AUTH PLAIN"}
        return (offers[self.step],) if self.step in offers else ()


BUSY = Fault("RCPT", "450 4.2.1 busy", of=ONE)
ENDINGS = [
    ("no answer", HANG),
    ("the connection ends", DROP),
    ("the connection is reset", RESET),
]
WORSE = [*ENDINGS, ("bytes without end", DRIP), ("an answer that is no SMTP", NONSENSE)]
REFUSALS = [("421", "421 4.3.2 bye"), ("4yz", "451 4.3.0 later"), ("5yz", "550 5.7.1 no")]
ROWS = [
    *(
        Row(step, happens, UNTOUCHED, does)
        for step, kinds in (
            ("greeting", [*WORSE, *REFUSALS]),
            ("EHLO", [*ENDINGS, *REFUSALS]),
            ("STARTTLS", [*ENDINGS, *REFUSALS]),
            ("AUTH", [*ENDINGS, *REFUSALS]),
            ("MAIL", [*ENDINGS, *REFUSALS]),
        )
        for happens, does in kinds
    ),
    Row("TLS", "no answer", UNTOUCHED, HANG),
    Row("TLS", "an answer that is no TLS", UNTOUCHED, NONSENSE),
    *(
        Row(step, happens, WAITS, does)
        for step, kinds in (("RCPT", WORSE), ("DATA", ENDINGS))
        for happens, does in [*kinds, REFUSALS[0]]
    ),
    Row("content", "the connection ends", WAITS, DROP),
    *(Row("end", happens, REPEATED, does) for happens, does in WORSE),
    Row("answer", "no answer", REPEATED, HANG),
    Row("answer", "the connection ends", REPEATED, DROP),
    Row("answer", "the connection is reset", REPEATED, RESET),
    Row("after", "the connection ends", GO_ON, DROP),
    Row("after", "the connection is reset", GO_ON, RESET),
    Row("after", "no answer any more", UNTOUCHED, HANG, taken=1),
    Row("QUIT", "no answer", GO_ON, HANG),
    Row("QUIT", "the connection is reset", GO_ON, RESET),
    Row("RSET", "no answer", LATER, HANG, before=(BUSY,)),
    Row("RSET", "the connection is reset", LATER, RESET, before=(BUSY,)),
    Row("RSET", "5yz", LATER, "503 5.5.1 no", before=(BUSY,)),
    Row("MAIL", "between letters: the connection ends", ANEW, DROP, times=1, after=3),
    Row("MAIL", "between letters: the connection is reset", ANEW, RESET, times=1, after=3),
    Row("MAIL", "between letters: 421", ANEW, "421 4.7.0 too many", times=1, after=3),
    Row("RCPT", "between letters: the connection ends", ANEW, DROP, times=1, after=3),
    Row("MAIL", "between letters: no answer", UNTOUCHED, HANG, after=3, taken=3),
    Row("MAIL", "between letters: the connection ends twice", UNTOUCHED, DROP, after=3, taken=3),
    *(
        Row(step, f"{code}, of one reader", follows, f"{code} ada@example.org", of=ONE)
        for step, code, follows in (
            ("RCPT", "550 5.1.1", REFUSED),
            ("RCPT", "550 5.2.1", REFUSED),
            ("RCPT", "550", REFUSED),
            ("end", "550 5.2.2", REFUSED),
            ("RCPT", "450 4.2.1", LATER),
            ("RCPT", "450", LATER),
            ("end", "452 4.2.2", LATER),
            ("RCPT", "550 5.7.1", LATER),
            ("RCPT", "554 5.4.1", LATER),
            ("RCPT", "451 4.3.0", LATER),
            ("end", "554 5.7.1", LATER),
            ("end", "554 5.6.0", LATER),
            ("end", "421 4.3.0", LATER),
        )
    ),
    *(
        Row(step, f"{code}, of all", follows, f"{code} ada@example.org")
        for step, code, follows in (
            ("RCPT", "550 5.1.1", TEN),
            ("RCPT", "550", TEN),
            ("RCPT", "554 5.7.1", THREE),
            ("RCPT", "550 5.1.8", THREE),
            ("RCPT", "530", THREE),
            ("RCPT", "452 4.3.1", THREE),
            ("DATA", "554 5.5.1", THREE),
            ("end", "554 5.7.1", THREE),
            ("end", "451 4.3.0", THREE),
            ("end", "421 4.3.0", THREE),
            ("end", "550 5.5.2", THREE),
            ("end", "552 5.3.4", ISSUE),
            ("end", "554 5.6.0", ISSUE),
            ("end", "554", ISSUE),
        )
    ),
]

STEPS = {  # of a `Patience`
    "connecting": {"connect", "TLS"},
    "command": {"greeting", "EHLO", "STARTTLS", "AUTH", "MAIL", "after"},
    "recipient": {"RCPT", "DATA"},
    "content": {"content"},
    "end": {"end", "answer"},
    "goodbye": {"RSET", "QUIT"},
}


@pytest.fixture
def relay(room, settings, monkeypatch):
    """A relay to which all letters go. Where it does not answer, little time is lost."""
    with BadRelay() as running:
        monkeypatch.setattr(smtp, "Patience", lambda: patience(running.faults))
        lead_to(running, settings)
        yield running


def patience(faults):
    """Have little patience at the step that hangs: a busy machine may be slow at the others."""
    hang = {fault.step for fault in faults if fault.does in (HANG, DRIP)}
    short = {name for name, steps in STEPS.items() if hang & steps}
    return replace(LONG, **{name: getattr(SHORT, name) for name in short})


def lead_to(relay, settings, user=""):
    address = relay.address.replace("//", f"//{user}:secret@") if user else relay.address
    mail = replace(settings.NEWSROOM.mail, send=address)
    settings.NEWSROOM = replace(settings.NEWSROOM, mail=mail)


@pytest.fixture
def sending(friday, subscribe, room, unlocked):
    """Begin to send an issue to twelve readers, or to these."""

    def sending(*addresses):
        subscribe(*(addresses or READERS))
        return issues.send(approved_issue(friday, NOON), NOON)

    return sending


def states():
    return Counter(Letter.objects.values_list("state", flat=True))


def tries():
    """How often the relay spoke of which letter, of those that still wait."""
    waiting = Letter.objects.filter(state__in=("queued", "deferred"))
    return sorted(n for n in waiting.values_list("attempts", flat=True) if n)


def said(room, key="mail-relay"):
    return next((each.why for each in alerts.standing(room.data) if each.key == key), "")


def let_time_pass():
    for minutes in (1, 3, 5, 8, 13, 18, 33, 60, 120):
        deliver_due(NOON + minutes * MINUTE)


CHECKED = {
    UNTOUCHED: (lambda row: {"handed": row.taken, "queued": 12 - row.taken}, []),
    WAITS: (lambda _: {"queued": 11, "deferred": 1}, [1]),
    REPEATED: (lambda _: {"queued": 11, "deferred": 1}, [1]),
    GO_ON: (lambda _: {"handed": 12}, []),
    ANEW: (lambda _: {"handed": 12}, []),
    REFUSED: (lambda _: {"handed": 11, "refused": 1}, []),
    LATER: (lambda _: {"handed": 11, "deferred": 1}, [1]),
    THREE: (lambda _: {"queued": 12}, []),
    TEN: (lambda _: {"queued": 12}, []),
    ISSUE: (lambda _: {"queued": 12}, []),
}
ENDS_THE_ROUND = (UNTOUCHED, WAITS, REPEATED, THREE, TEN)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.step}: {row.happens}")
def test_what_follows_is_what_the_document_says(row, relay, room, settings, sending):
    sending()
    relay.faults, relay.extensions = row.faults, row.extensions
    if row.step == "AUTH":
        lead_to(relay, settings, user="us")

    deliver_due(NOON)

    left, tried = CHECKED[row.follows]
    assert states() == Counter(left(row))
    assert tries() == tried
    if row.follows in ENDS_THE_ROUND:
        assert any(f"(step: {step}" in said(room) for step in steps_as_told(row))
    else:
        assert said(room) == ""
    if row.follows == ANEW:
        assert relay.connections == 2
    if row.follows == ISSUE:
        assert row.does[:3] in said(room, f"issue-{issues.Issue.objects.get().pk}")

    relay.works()
    lead_to(relay, settings)
    let_time_pass()

    copies = Counter(relay.recipients)
    refused = {ONE} if row.follows == REFUSED else set()
    assert set(copies) == set(READERS) - refused, "everybody gets it once the relay works"
    twice = 1 if row.step == "answer" else 0
    assert sum(copies.values()) == len(copies) + twice
    assert alerts.standing(room.data) == [], "what is over is not said any more"


def steps_as_told(row):
    """Return at which steps it may be told. A short letter is away before a line seems to end."""
    end = ("end of a letter",)
    told = {"answer": end, "end": end, "after": ("MAIL",), "greeting": ("greeting", "connect")}
    told["content"] = ("content", *end)
    return told.get(row.step, (row.step,))


def test_every_line_of_the_document_is_tested_here():
    lines = re.findall(r"^\| (\w+) \| (.+) \| (.+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    told = [
        (step, happens, follows)
        for step, several, follows in lines
        if follows in CHECKED
        for happens in several.split("; ")
    ]

    no_connection = [("connect", "nobody listens"), ("connect", "no answer")]
    tested = [(*one, UNTOUCHED) for one in no_connection]
    tested += [(row.step, row.happens, row.follows) for row in ROWS]
    assert sorted(told) == sorted(tested)


class TestNoConnection:
    def test_nobody_listens(self, relay, room, sending):
        sending()
        relay.goes_away()
        deliver_due(NOON)

        assert states() == {"queued": 12}
        assert said(room) == "The relay refused the connection."
        relay.comes_back()
        let_time_pass()
        assert relay.recipients == READERS

    def test_no_answer(self, relay, room, settings, sending):
        sending()
        relay.faults = (Fault("connect", HANG),)
        with ExitStack() as full:
            door = full.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
            for _ in range(4):  # the kernel answers nobody once its queue is full
                line = full.enter_context(socket.socket())
                line.settimeout(0)
                line.connect_ex(door.getsockname())
            where = f"smtp://127.0.0.1:{door.getsockname()[1]}"
            mail = replace(settings.NEWSROOM.mail, send=where)
            settings.NEWSROOM = replace(settings.NEWSROOM, mail=mail)
            deliver_due(NOON)

        assert states() == {"queued": 12}
        assert said(room) == "It did not answer within 0.3 s (step: connect)."
