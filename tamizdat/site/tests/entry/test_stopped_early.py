"""Who is told to stop ends at once, also in the first moments of a start."""

import signal
import subprocess

import pytest
from click.testing import CliRunner

from tamizdat.lib.newsroom import NewsroomError
from tamizdat.lib.processes import stopping
from tamizdat.press.server import command as edition_listening
from tamizdat.site.commands import serve_
from tamizdat.site.entry import listening
from tamizdat.support.tests import box
from tests.free_ports import free_port

LOADS_FOR_LONG = 'import time\nprint("loading", flush=True)\ntime.sleep(60)\n'
SERVERS = {"edition": edition_listening.command, "roles": listening.command, "tests": box._granian}


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_still_loads_ends_when_it_is_told_to(tmp_path, server):
    (tmp_path / "loads_for_long.py").write_text(LOADS_FOR_LONG)
    command = (*SERVERS[server]("127.0.0.1", free_port())[:-1], "loads_for_long:app")
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert any("loading" in line for line in process.stdout)

        process.terminate()

        try:
            assert process.wait(timeout=5) == 0
        finally:
            process.kill()


def test_a_server_that_hangs_as_it_ends_is_not_waited_for_without_end():
    for command in (edition_listening.command, listening.command):
        assert "--workers-kill-timeout" in command("127.0.0.1", 8000)


def test_serve_hears_signals_before_it_reads_anything(tmp_path, monkeypatch):
    """A container passes over a signal for which its first process does not listen."""
    monkeypatch.setattr(stopping, "_listens", stopping._listens)  # and put back
    before = {each: signal.getsignal(each) for each in stopping.SIGNALS}
    try:
        done = CliRunner().invoke(serve_.command, obj=tmp_path)

        assert isinstance(done.exception, NewsroomError)  # no newsroom is there
        assert {signal.getsignal(each) for each in stopping.SIGNALS}.isdisjoint(before.values())
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
