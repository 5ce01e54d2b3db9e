"""What logs and terminals say when something breaks: where, and never with what."""

import logging
import sys
import threading

import pytest
from django.conf import settings
from django.db import DataError, connections

from tamizdat.lib import clock
from tamizdat.lib.alerts import clear, standing
from tamizdat.site.broken_log import OneLine, WhereNotWhat, say_where_not_what
from tamizdat.site.command import sentence
from tamizdat.site.processes import working
from tests.logged import log

__all__ = ["log"]

PLANTED = "ada@example.org"


@pytest.fixture
def broken():
    """An error that quotes what somebody typed, as it was caught."""
    try:
        int(PLANTED)
    except ValueError:
        return sys.exc_info()


def record(message, *args, exc_info=None):
    return logging.LogRecord("x", logging.ERROR, "", 0, message, args, exc_info)


def test_the_log_says_where_it_broke_and_not_with_what(broken):
    said = WhereNotWhat("%(message)s").format(record("%s", "/desk/", exc_info=broken))

    assert said.startswith("/desk/")
    assert "test_broken_log.py" in said
    assert said.endswith("builtins.ValueError")
    assert PLANTED not in said


def test_an_error_in_a_line_is_named_by_its_kind(broken):
    formatter = WhereNotWhat("%(message)s")

    assert (
        formatter.format(record("%s: %s", "pretend", broken[1])) == "pretend: builtins.ValueError"
    )
    assert formatter.format(record("%(e)s", {"e": broken[1]})) == "builtins.ValueError"
    assert formatter.format(record(broken[1])) == "builtins.ValueError"


def test_what_another_log_wrote_of_it_is_not_taken_over(broken):
    one = record("x", exc_info=broken)
    assert PLANTED in logging.Formatter().format(one)

    assert PLANTED not in WhereNotWhat().format(one)


def test_every_handler_leaves_the_words_out():
    handlers = settings.LOGGING["handlers"].values()
    formatters = settings.LOGGING["formatters"]

    writing = [each for each in handlers if not each["class"].endswith("NullHandler")]
    assert {formatters[each["formatter"]]["()"] for each in writing} == {
        f"{WhereNotWhat.__module__}.{WhereNotWhat.__qualname__}"
    }


@pytest.mark.django_db(databases=["default", "counter", "till"], transaction=True)
def test_rounds_with_a_database_that_quotes_values_log_none(log):
    def quoting(*_about):
        raise DataError(f'invalid input syntax for type integer: "{PLANTED}"')

    with (
        connections["default"].execute_wrapper(quoting),
        connections["counter"].execute_wrapper(quoting),
        connections["till"].execute_wrapper(quoting),
    ):
        failed = working.sweep(clock.now())

    alerts = standing(settings.NEWSROOM.data)
    for alert in alerts:
        clear(settings.NEWSROOM.data, alert.key)
    # Of rooms with several steps those that failed are told; of the others the round.
    assert set(failed) == {"desk", "support"}
    of_steps = {"readers-step-collecting", "rerender", "till-steps", "letters-step-delivery"}
    assert {alert.key for alert in alerts} >= {"round-desk", "round-support", *of_steps}
    assert not [alert for alert in alerts if PLANTED in str(alert)]
    assert PLANTED not in log()
    assert "tasks.py" in log()
    assert "django.db.utils.DataError" in log()


def test_the_terminal_of_a_service_is_a_log(broken):
    said = sentence(broken[1])

    assert PLANTED not in said
    assert "ValueError" in said
    assert "--debug" in said


def test_a_file_that_is_missing_is_named():
    assert "/no/such/file: No such file" in sentence(
        FileNotFoundError(2, "No such file or directory", "/no/such/file")
    )


def test_a_thread_that_ends_by_an_error_tells_no_words(monkeypatch, capsys):
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    say_where_not_what()

    thread = threading.Thread(target=int, args=(PLANTED,))
    thread.start()
    thread.join()

    said = capsys.readouterr().err
    assert said.endswith("builtins.ValueError\n")
    assert PLANTED not in said


def test_of_a_page_that_breaks_the_log_has_one_line_with_its_places_alone(broken):
    line = OneLine().format(logging.LogRecord("x", logging.ERROR, "", 0, PLANTED, (), broken))

    assert line.startswith("ERROR builtins.ValueError at site/tests/entry/test_broken_log.py:")
    assert PLANTED not in line
    assert "\n" not in line
