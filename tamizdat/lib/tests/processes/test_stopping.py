"""A process that is told to stop ends between two rows."""

import signal
import subprocess
import sys

import pytest

from tamizdat.lib.processes import stopping

BEGIN = """
import os, signal, sys, time
from tamizdat.lib.processes import stopping
stopping.listen(grace_s=1.0)
"""
ROWS = """
rows = []
for row in stopping.until_stopped(range(1_000_000)):
    rows.append(row)
    if row == 2:
        print("begun", flush=True)
    time.sleep(0.001)
print("whole rows:", len(rows) > 2, flush=True)
"""
STUCK = """
print("begun", flush=True)
while True:
    time.sleep(60)
"""
DROPS = """
print("begun", flush=True)
try:
    while True:
        stopping.check()
        time.sleep(0.001)
except Exception:
    print("taken for an error", flush=True)
"""
FORKS = """
import multiprocessing
child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
child.start()
print("begun", flush=True)
while not stopping.wait(1):
    pass
child.terminate()
child.join()
print("child ended by", -child.exitcode, flush=True)
"""


def begun(what):
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN + what],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout.readline() == "begun\n"
    return process


@pytest.mark.parametrize("how", stopping.SIGNALS)
def test_it_ends_after_the_row_at_which_it_is(how):
    process = begun(ROWS)
    process.send_signal(how)

    said, _ = process.communicate()

    assert (said, process.returncode) == ("whole rows: True\n", 0)


def test_who_hangs_is_ended_by_the_system():
    process = begun(STUCK)
    process.send_signal(signal.SIGTERM)

    process.communicate()

    assert process.returncode == -signal.SIGALRM


def test_the_second_call_ends_it_at_once():
    process = begun(STUCK.replace("while True:", "stopping._grace_s = 60\nwhile True:"))
    while process.poll() is None:
        process.send_signal(signal.SIGINT)

    process.communicate()

    assert process.returncode == -signal.SIGINT


def test_nothing_that_handles_errors_takes_it_for_one():
    process = begun(DROPS)
    process.send_signal(signal.SIGTERM)

    said, _ = process.communicate()

    assert (said, process.returncode != 0) == ("", True)


def test_what_it_forked_can_be_ended_as_before():
    """A worker that only sets a mark at SIGTERM would keep its pool waiting for ever."""
    process = begun(FORKS)
    process.send_signal(signal.SIGTERM)

    said, _ = process.communicate()

    assert said == f"child ended by {int(signal.SIGTERM)}\n"


def test_a_process_that_does_not_listen_is_never_told():
    assert not stopping.stopping()
    assert list(stopping.until_stopped([1, 2])) == [1, 2]
    stopping.check()
