"""What a process started ends with it, however it ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PARENT = """
import subprocess, sys, time
from tamizdat.lib.processes.parent_death import tied
child = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"]
subprocess.Popen(tied(child))
time.sleep(600)
"""
FORKING = """
import multiprocessing, os, time
from tamizdat.lib.processes.parent_death import end_with_parent
def child():
    end_with_parent()
    print(os.getpid(), flush=True)
    time.sleep(600)
multiprocessing.get_context("fork").Process(target=child).start()
time.sleep(600)
"""
ORPHAN = """
import os, sys
from tamizdat.lib.processes.parent_death import end_with
end_with(os.getppid() + 1)
print("alive", flush=True)
"""


@pytest.mark.parametrize("program", [PARENT, FORKING], ids=["a command", "a fork"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_with_its_parent(program, how):
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with parent.stdout as said:
        child = int(said.readline())

        parent.send_signal(how)
        parent.wait()

        assert not said.read()  # its end closes the pipe
    assert not is_alive(child)


def test_a_child_whose_parent_has_ended_already_does_not_begin():
    done = subprocess.run([sys.executable, "-c", ORPHAN], capture_output=True, check=False)

    assert (done.returncode, done.stdout) == (1, b"")


def is_alive(pid):
    """Whether it still runs: who is dead and not yet fetched does not."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return False
        if state == "Z":
            return False
        time.sleep(0.05)
    return True
