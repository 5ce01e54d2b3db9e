"""A seizure drill with few people, each time; with many in `make bench` and `make soak`."""

import fcntl
import json
import subprocess
import sys

import pytest

from tests.drill.story import IN_DOUBT
from tests.drill.taking.joining import LOGGED


@pytest.fixture(scope="session")
def drill(tmp_path_factory, worker_id):
    """What came of a short drill, in a process of its own: it is a newsroom in earnest.

    One worker of a test run holds it, the others read what came of it. Without workers the folder
    above is that of all test runs: there lies what came of an older program.
    """
    mine = tmp_path_factory.getbasetemp()
    shared = (mine if worker_id == "master" else mine.parent) / "drill.json"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            command = (sys.executable, "-m", "tests.drill", "--short")
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.stdout, done.stderr
            shared.write_text(done.stdout)
    return json.loads(shared.read_text())


def test_49_hours_after_it_was_locked_nobody_is_found(drill):
    after = drill["after"]

    assert (after["opened"], after["plain"], after["guessed"]) == (0, [], [])


def test_and_nothing_that_anybody_did_is_joined_with_an_address_or_a_time(drill):
    after = drill["after"]

    assert (after["joins"], after["times"]) == ([], [])
    assert abs(after["order"]) < 1
    assert after["joined"] == 0


def test_a_relay_s_log_leads_to_no_row_but_for_two_days_to_that_of_a_letter_in_doubt(drill):
    joins = [join for join in drill["before"]["joins"] if join["kind"] == LOGGED]

    assert len(joins) <= IN_DOUBT
    assert {join["other"] for join in joins} <= {"desk:letters_letter", "desk:readers_pending"}


def test_before_that_what_was_asked_in_the_last_two_days_opens_and_nothing_older(drill):
    before = drill["before"]

    assert before["opened"]
    assert (before["missed"], before["too_old"]) == ([], [])


def test_with_the_passphrase_everything_opens(drill):
    assert drill["after"]["with_passphrase"] > drill["people"] / 2


def test_the_drill_finds_what_a_careless_change_would_leak(drill):
    planted = drill["planted"]

    assert planted["guessed"], "an unsalted hash of an address"
    assert planted["plain"], "an address in a packed log"
    assert planted["opened"], "a letter's own link in a log"
    assert any("expires_at" in where for where in planted["times"]), "a time with microseconds"
    assert any("seen" in where for where in planted["times"]), "a column that nobody knows"
    kinds = {join["kind"] for join in planted["joins"]}
    assert {"address with contribution", LOGGED} <= kinds


def test_it_tried_enough(drill):
    tried = drill["after"]["tried"]

    assert min(tried[name] for name in ("sealed", "keys", "hashes", "joins", "times", "files")) > 5
