"""A file is replaced whole, however many write it at once and however they end."""

import os
import signal
import stat

import pytest

from tamizdat.lib.processes.worker_pool import shared_out
from tamizdat.lib.replacing import is_unfinished, replace

LONG = 300_000  # bytes: more than one write of any file system's block


def test_readers_and_writers_at_once_meet_whole_files_only(tmp_path):
    """Four processes write the same file, each its own letter, and read what stands there."""
    path = tmp_path / "published.json"
    replace(path, b"0" * LONG)

    def write_and_read(letter):
        found = set()
        for _ in range(100):
            replace(path, letter * LONG)
            found.add(path.read_bytes())
        return [(len(raw), len(set(raw))) for raw in found]

    with shared_out(write_and_read, [b"a", b"b", b"c", b"d"], 4) as results:
        seen = [one for _, found in results for one in found]

    assert set(seen) == {(LONG, 1)}
    assert [file.name for file in tmp_path.iterdir()] == ["published.json"]


def test_what_cannot_be_written_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "kept"
    replace(path, b"before")

    with pytest.raises(TypeError):
        replace(path, "no bytes")
    monkeypatch.setattr(os, "fsync", lambda _handle: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        replace(path, b"after", durable=True)

    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


def test_what_a_killed_writer_leaves_can_be_told(tmp_path):
    path = tmp_path / "kept"
    replace(path, b"before")
    writer = os.fork()
    if not writer:
        os.fsync = lambda _handle: os.kill(os.getpid(), signal.SIGKILL)
        replace(path, b"after", durable=True)
        os._exit(1)
    os.waitpid(writer, 0)

    left = [file.name for file in tmp_path.iterdir() if is_unfinished(file.name)]
    assert len(left) == 1
    assert not is_unfinished(path.name)
    assert path.read_bytes() == b"before"


def test_only_its_owner_reads_it_unless_somebody_says_otherwise(tmp_path):
    before = os.umask(0)
    try:
        replace(tmp_path / "own", b"")
        replace(tmp_path / "shown", b"", mode=0o644)
    finally:
        os.umask(before)

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("own", "shown")]
    assert modes == [0o600, 0o644]
