"""Nobody else on the machine can read what a newsroom keeps, whatever the umask was."""

import os
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest

from tamizdat.desk.importing.tests.exports import item, save
from tamizdat.site import file_modes
from tamizdat.site.health import examine
from tests.file_modes import closed_to_a_web_server, open_to_others
from tests.free_ports import free_ports
from tests.in_turn import CODE, in_turn

PORT = free_ports(4)
UPLOAD = """
from tamizdat.desk.tests.conftest import photo
from tamizdat.desk.actions.pictures import take_in
take_in(photo(), "bridge.jpg", title="The bridge", credit="A. Holm / Agency")
"""
LETTER = """
from tamizdat.letters.providers.base import Message
from tamizdat.letters.providers.choosing import transport
with transport(newsroom) as chosen:
    chosen.hand_over(Message("<1@example.org>", "a@example.org", "b@example.org", b"To: b"))
"""


def environment():
    kept = {name: value for name, value in os.environ.items() if name != "TAMIZDAT_NEWSROOM"}
    return {**kept, "TAMIZDAT_PASSWORD": "a lantern in the mill"}


def init(umask, folder):
    """Found a newsroom in a process of its own, which makes its folder."""
    address = ("--address", f"http://127.0.0.1:{PORT}")
    words = ("init", str(folder), "--name", "The Sheet", "--yes", *address)
    done = subprocess.run(
        [sys.executable, "-m", "tamizdat.site", *words],
        env=environment(), umask=umask, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@contextmanager
def serving(umask, folder):
    words = ("-m", "tamizdat.site", "--newsroom", str(folder), "serve")
    process = subprocess.Popen([sys.executable, *words], umask=umask, stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and not (folder / "data/work.sock").exists():
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(20)


def test_a_newsroom_in_earnest_is_closed_from_its_first_day(tmp_path):
    umask = 0  # the widest: no other leaves anything open that this one closes
    folder = tmp_path / "sheet"

    init(umask, folder)
    for done in in_turn(
        folder,
        ("createuser", "nora@example.org", "--name", "Nora Keld"),
        ("import", "wordpress", save(tmp_path, item(1))),
        (CODE, UPLOAD),
        (CODE, LETTER),
        ("build",),
        ("work", "--once"),
        env=environment(),
        umask=umask,
    ):
        assert done.returncode == 0, done.stderr
    assert open_to_others(folder) == []
    with serving(umask, folder):
        assert (folder / "data/work.sock").is_socket()
        assert open_to_others(folder) == []

    assert len(list((folder / "data").glob("mailbox/*.eml"))) == 1
    assert len(list((folder / "media").rglob("*.*"))) > 1
    assert open_to_others(folder) == []
    assert closed_to_a_web_server(folder / "edition") == []
    assert stat.S_IMODE((folder / "edition/.new").stat().st_mode) == 0o700


@pytest.fixture
def older(newsroom, tmp_path):
    """A newsroom as an older program left it: open to all, with a way for a web server."""
    for name in ("data", "media", "keys", "theme", "edition/a", "edition/b"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("tamizdat.toml", "data/desk.sqlite3", "media/quay.jpg", "edition/a/index.html"):
        (tmp_path / name).write_text("x")
    os.link(tmp_path / "media/quay.jpg", tmp_path / "edition/a/quay.jpg")
    (tmp_path / "theme/elsewhere").symlink_to("/etc/hostname")
    for path in (tmp_path, *tmp_path.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    return replace(newsroom, folder=tmp_path)


def test_an_older_newsroom_is_closed_at_its_next_start(older):
    file_modes.tighten(older.folder)

    assert open_to_others(older.folder.joinpath("data")) == []
    assert oct(older.folder.stat().st_mode & 0o777) == "0o711"  # the web server's way stays
    assert oct((older.folder / "tamizdat.toml").stat().st_mode & 0o777) == "0o600"
    assert oct((older.folder / "media").stat().st_mode & 0o777) == "0o700"
    assert closed_to_a_web_server(older.folder / "edition") == []


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_doctor_names_what_others_can_read(older):
    def named():
        return [each.do for each in examine(older) if "others on this machine" in each.what]

    assert f"Run `chmod -R go-rwx {older.folder / 'data'}` as its owner." in named()
    assert f"Run `chmod go-rw {older.folder}` as its owner." in named()

    file_modes.tighten(older.folder)
    assert named() == []
