"""A disk that is completely full keeps no alert: the desk's first screen looks at it itself."""

from html import unescape

import pytest
from django.conf import settings

from tamizdat.desk.tests.conftest import signed_in
from tamizdat.lib import clock
from tamizdat.lib.alerts import FOLDER, Alert, raise_alert
from tests import full_disk
from tests.in_a_newsroom import lay_out, tell
from tests.newsdesk import NewsDesk


@pytest.fixture
def small_disk(not_run_here):
    if why := full_disk.why_not():
        not_run_here(why)
    return full_disk.on_small_disk


def test_the_first_screen_says_that_the_disk_is_full(tmp_path, databases, small_disk):
    folder = lay_out(tmp_path / "newsroom", databases)
    toml = folder / "tamizdat.toml"  # in a demonstration nobody needs a second step
    toml.write_text(toml.read_text().replace("[newsroom]", "[newsroom]\ndemonstration = true"))

    tell(folder, full, *small_disk(folder, 32))


def full(newsroom):
    settings.ALLOWED_HOSTS = ["testserver"]  # as the browser of a test calls it
    NewsDesk(newsroom).article("The first")
    editor = signed_in("Nora Keld", "editor")
    assert "Nothing can be written" not in first_screen(editor)
    full_disk.fill(newsroom.folder, but=0)

    raise_alert(newsroom.data, Alert("edition", "Nothing can be published.", "", ""), clock.now())
    assert not (newsroom.data / FOLDER / "edition.json").exists()  # no other process hears of it
    shown = first_screen(editor)
    assert f"Nothing can be written in {newsroom.data}" in shown
    assert "No space left on device" in shown
    assert "Make room on the disk" in shown

    full_disk.free(newsroom.folder)
    assert "Nothing can be written" not in first_screen(editor)


def first_screen(editor):
    answer = editor.get("/desk/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())
