"""What is logged when a relay fails: no reader, and no password of ours."""

from dataclasses import replace

import pytest

from tamizdat.letters import tasks
from tamizdat.letters.actions import issues
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.newsletters.test_issues import approved, bridges
from tamizdat.letters.tests.providers.test_transports import sink
from tests.logged import log

__all__ = ["approved", "bridges", "log", "sink"]

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
PASSWORD = "a-planted-password"
ADA = "ada@example.org"


@pytest.fixture
def relay(settings, monkeypatch):
    """Letters go to this port of this machine."""

    def relay(port, password=PASSWORD):
        send = f"smtp://newsroom:{password}@127.0.0.1:{port}"
        mail = replace(settings.NEWSROOM.mail, send=send)
        settings.NEWSROOM = replace(settings.NEWSROOM, mail=mail)

    return relay


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        pytest.param("rcpt", f"550 5.7.1 {ADA} not from you", "550 5.7.1", id="it refuses us"),
        pytest.param("data", f"451 4.3.0 {ADA} is busy", "451 4.3.0", id="it puts us off"),
        pytest.param("data", "hang up", "end of a letter", id="it hangs up"),
        pytest.param(None, "", "535", id="it does not know our password"),
    ],
)
def test_a_relay_that_fails_is_logged_without_its_words(
    approved, subscribe, unlocked, relay, sink, log, step, answer, said
):
    subscribe(ADA)
    issues.send(approved, NOON)
    if step:
        sink.answers[step] = answer
        sink.password = PASSWORD.encode()
    relay(sink.port)

    tasks.sweep(NOON)

    assert said in log()
    assert sink.signed_in == (1 if step else 0)
    assert ADA not in log()
    assert PASSWORD not in log()


def test_a_relay_that_is_away_is_logged_without_our_password(
    approved, subscribe, unlocked, relay, log
):
    subscribe(ADA)
    issues.send(approved, NOON)
    relay(1)

    tasks.sweep(NOON)

    assert ADA not in log()
    assert PASSWORD not in log()


def test_a_template_that_breaks_on_a_letter_is_logged_without_it(
    approved, subscribe, unlocked, relay, sink, log, monkeypatch
):
    """What is logged for a letter names its number and the error's kind and place."""

    def quoting(*_about):
        raise ValueError(f"no header can hold {ADA}")

    subscribe(ADA)
    issues.send(approved, NOON)
    monkeypatch.setattr("tamizdat.letters.content.mime_message.assemble", quoting)

    tasks.sweep(NOON)

    assert "cannot be written. The cause: builtins.ValueError at" in log()
    assert ADA not in log()
