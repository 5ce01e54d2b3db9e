"""Where what a process says cannot be written, as on a full disk, it works on and alerts tell."""

import errno
import io
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tamizdat.lib import alerts, clock
from tamizdat.site import saying
from tamizdat.site.commands import demo_
from tamizdat.site.processes import supervisor
from tamizdat.site.processes.serving import Process
from tamizdat.site.processes.supervisor import Kept

SITE = Path(saying.__file__).parent
GO_ON_FOR_LONG = (
    *SITE.glob("processes/*.py"),
    *SITE.glob("databases/*.py"),
    *(SITE / "commands" / f"{verb}_.py" for verb in ("serve", "work", "demo")),
)


class Failing(io.StringIO):
    """A log that fails as the system does, once what was said is to be written."""

    def __init__(self, number):
        super().__init__()
        self._number = number

    def flush(self):
        raise OSError(self._number, os.strerror(self._number))


def fill_the_log(monkeypatch):
    """Have standard output and error lie on a full disk."""
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, Failing(errno.ENOSPC))


def test_a_fall_is_told_where_the_log_is_full(newsroom, tmp_path, monkeypatch):
    fill_the_log(monkeypatch)
    (tmp_path / "data").mkdir()
    sheet = replace(newsroom, folder=tmp_path)
    falls = (sys.executable, "-c", "raise SystemExit(3)")
    kept = Kept(Process("till", falls, os.environ, fails="It falls.", told_after=1), sheet)

    kept.look(0.0, clock.now())
    kept._running.wait()
    supervisor._look(kept, 0.0, clock.now())

    assert [each.key for each in alerts.standing(sheet.data)] == ["process-till"]


def test_a_newsroom_whose_log_is_full_is_served(newsroom, monkeypatch):
    fill_the_log(monkeypatch)

    demo_._say_where(newsroom.folder)


def test_who_speaks_to_a_reader_ends_when_nobody_reads_and_others_do_not(monkeypatch):
    monkeypatch.setattr(sys, "stdout", Failing(errno.EPIPE))

    saying.say("All is up.")
    with pytest.raises(BrokenPipeError):
        saying.say("All is up.", to_a_reader=True)


def test_who_goes_on_for_long_says_nothing_that_could_end_it():
    bare = [each.name for each in GO_ON_FOR_LONG if "click.echo" in each.read_text()]

    assert bare == []
