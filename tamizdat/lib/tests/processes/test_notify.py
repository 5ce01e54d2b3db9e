"""What a service says to systemd."""

import os

import pytest

from tamizdat.lib.processes.notify import notify, watchdog_s
from tests.service_manager import ServiceManager


@pytest.mark.parametrize("abstract", [False, True], ids=["a file", "a name"])
def test_it_is_told_in_one_message(monkeypatch, abstract):
    with ServiceManager(abstract=abstract) as systemd:
        for name, value in systemd.variables.items():
            monkeypatch.setenv(name, value)
        notify("READY=1", "STATUS=All is up.")

        assert systemd.next() == "READY=1\nSTATUS=All is up."


@pytest.mark.parametrize("address", ["", "/no/such/socket", "@nobody", "x" * 200, "vsock:2:1234"])
def test_nobody_falls_because_nobody_listens(monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)

    notify("READY=1")


@pytest.mark.parametrize(
    ("said", "of", "seconds"),
    [
        ("90000000", "", 90),
        ("90000000", "ours", 90),
        ("90000000", "1", 0),
        ("", "", 0),
        ("soon", "", 0),
    ],
)
def test_the_watchdog_is_heeded_if_it_is_ours(monkeypatch, said, of, seconds):
    monkeypatch.setenv("WATCHDOG_USEC", said)
    monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()) if of == "ours" else of)

    assert watchdog_s() == seconds
