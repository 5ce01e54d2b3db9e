"""A typing error in the settings file takes nothing away: the last good settings hold."""

import os
from pathlib import Path

import pytest

from tamizdat.lib import alerts, users
from tamizdat.lib.newsroom import LAST_GOOD, SETTINGS_FILE, NewsroomError, find, last_settings
from tamizdat.lib.newsroom.last_settings import Look, load_or_last
from tamizdat.lib.theme import set_theme, theme

GOOD = """\
[newsroom]
name = "The Sheet"
languages = ["en"]

[addresses]
edition = "https://example.org"
counter = "https://counter.example.org"
desk = "http://127.0.0.1:8002"
till = "https://till.example.org"

[support]
once = [500, 1000]

[support.ask]
default = "ask"

[databases]
till = "postgresql://till:hunter2@db/till"
"""
BROKEN = {
    "a quote is missing": (GOOD.replace('"The Sheet"', '"The Sheet'), "line 2, column 18"),
    "a bracket is missing": (GOOD.replace("1000]", "1000"), "line 14, column 1"),
    "a key nobody knows": (GOOD.replace("once", "ones"), "line 12, column 1"),
    "a key that cannot be": (GOOD.replace('"ask"', '"perhaps"'), "line 14, column 2"),
    "a table nobody knows": (GOOD.replace("[databases]", "[database]"), "line 17, column 2"),
    "a key is missing": (GOOD.replace("desk = ", "# "), "line 5, column 2"),
    "a port that is none": (GOOD.replace("@db/", "@db:54x/"), "line 18, column 1"),
    "a password with a slash": (GOOD.replace("hunter2", "hunter2/7"), "line 18, column 1"),
    "no host": (GOOD.replace("@db/", "@/"), "line 18, column 1"),
    "a letter in another encoding": (GOOD.replace("Sheet", "Sh\udce9et"), "line 2"),
    "it was saved half": (GOOD[:40], "end of document"),
    "it is empty": ("", ""),
}


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A newsroom that was started with good settings once."""
    (tmp_path / "data").mkdir()
    write(tmp_path, GOOD)
    load_or_last(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> None:
    (folder / SETTINGS_FILE).write_bytes(text.encode(errors="surrogateescape"))


@pytest.mark.parametrize(
    ("text", "where"), [pytest.param(*case, id=name) for name, case in BROKEN.items()]
)
def test_a_broken_file_changes_nothing_and_its_place_is_told(
    newsroom: Path, text: str, where: str
) -> None:
    before = load_or_last(newsroom)
    write(newsroom, text)

    assert load_or_last(newsroom) == before

    (alert,) = alerts.standing(newsroom / "data")
    assert alert.what == last_settings.WHAT
    assert where in alert.why
    assert SETTINGS_FILE in alert.why
    assert "hunter2" not in repr(alert)

    write(newsroom, GOOD.replace("The Sheet", "The Leaf"))
    assert load_or_last(newsroom).name == "The Leaf"
    assert alerts.standing(newsroom / "data") == []


def test_a_file_that_is_missing_for_a_moment_is_no_lost_newsroom(newsroom: Path) -> None:
    before = load_or_last(newsroom)
    (newsroom / SETTINGS_FILE).unlink()

    assert load_or_last(find(newsroom)) == before
    assert [each.key for each in alerts.standing(newsroom / "data")] == [last_settings.ALERT]


def test_the_pages_of_a_running_role_stay_as_they_are(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIZDAT_NEWSROOM", str(newsroom))
    set_theme(None)
    try:
        assert theme().newsroom.name == "The Sheet"
        for number, (text, _) in enumerate(BROKEN.values(), start=1):
            write(newsroom, text)
            os.utime(newsroom / SETTINGS_FILE, ns=(number, number))
            assert theme().newsroom.name == "The Sheet"
        (newsroom / SETTINGS_FILE).unlink()
        assert theme().newsroom.name == "The Sheet"
        write(newsroom, GOOD.replace("The Sheet", "The Leaf"))
        assert theme().newsroom.name == "The Leaf"
    finally:
        set_theme(None)


def test_without_a_good_copy_a_broken_file_is_refused(newsroom: Path) -> None:
    write(newsroom, "[newsroom")
    for copy in (b"", b"\xff", b"[newsroom", b"x = 1"):
        (newsroom / LAST_GOOD).write_bytes(copy)
        with pytest.raises(NewsroomError):
            load_or_last(newsroom)
    (newsroom / LAST_GOOD).unlink()
    with pytest.raises(NewsroomError):
        load_or_last(newsroom)


def test_the_copy_is_as_private_as_the_file(newsroom: Path) -> None:
    assert (newsroom / LAST_GOOD).stat().st_mode & 0o077 == 0


def test_a_copy_that_cannot_be_read_is_replaced(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user made it, as root by a command: without it a typing error would be the end."""
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path == newsroom / LAST_GOOD and path.stat().st_ino == unreadable:
            raise PermissionError(13, "Permission denied")
        return real(path)

    unreadable = (newsroom / LAST_GOOD).stat().st_ino
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    load_or_last(newsroom)
    write(newsroom, "[newsroom")

    assert load_or_last(newsroom).name == "The Sheet"


def test_where_nothing_can_be_written_the_settings_are_read_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, GOOD)  # and no data folder
    assert load_or_last(tmp_path).name == "The Sheet"


def test_what_was_understood_is_kept_though_the_file_is_saved_at_that_moment(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = GOOD.replace("The Sheet", "The Other Sheet")
    write(newsroom, changed)
    parse = last_settings.parse

    def parsed_while_an_editor_truncates(folder: Path, said: bytes) -> object:
        write(newsroom, "")
        return parse(folder, said)

    monkeypatch.setattr(last_settings, "parse", parsed_while_an_editor_truncates)
    assert load_or_last(newsroom).name == "The Other Sheet"

    assert (newsroom / LAST_GOOD).read_text() == changed


@pytest.mark.parametrize("text", [text for text, _ in BROKEN.values()], ids=BROKEN)
def test_who_goes_on_looks_again_and_tells_a_mistake_when_it_is_saved(
    newsroom: Path, text: str
) -> None:
    look = Look(newsroom)
    look.look()
    assert alerts.standing(newsroom / "data") == []

    write(newsroom, text)
    look.look()
    assert [each.what for each in alerts.standing(newsroom / "data")] == [last_settings.WHAT]

    write(newsroom, GOOD)
    look.look()
    assert alerts.standing(newsroom / "data") == []


@pytest.fixture
def restored(newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A newsroom whose settings file root put back from a backup: its own user may not read it."""
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name == SETTINGS_FILE:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(users, "owner", lambda _path: "root")
    monkeypatch.setattr(users, "this_user", lambda: "sheet")
    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    return newsroom


@pytest.mark.skipif(os.geteuid() != 0, reason="whose files are made here is root's")
def test_a_file_that_only_has_to_be_given_back_is_not_called_broken(restored: Path) -> None:
    assert load_or_last(restored).name == "The Sheet"

    (alert,) = alerts.standing(restored / "data")
    assert alert.what == last_settings.CLOSED
    assert alert.why == f"{SETTINGS_FILE} belongs to root, and this process runs as sheet."
    assert alert.do == f"Give the folder to sheet, as root: `chown -hR sheet {restored}`."

    (restored / LAST_GOOD).unlink()
    with pytest.raises(NewsroomError, match=f"chown -hR sheet {restored}") as refused:
        load_or_last(restored)
    assert str(restored / SETTINGS_FILE) in str(refused.value)


def test_a_file_that_is_given_away_is_looked_at_again(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Look(newsroom)
    look.look()
    (newsroom / SETTINGS_FILE).chmod(0o604)
    read = []
    monkeypatch.setattr(last_settings, "load_or_last", read.append)

    look.look()

    assert read == [newsroom]


def test_a_file_that_nobody_saved_is_not_read_again(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Look(newsroom)
    look.look()
    monkeypatch.setattr(last_settings, "load_or_last", lambda _folder: pytest.fail("it was read"))

    look.look()


def test_a_file_that_is_gone_is_told(newsroom: Path) -> None:
    look = Look(newsroom)
    look.look()

    (newsroom / SETTINGS_FILE).unlink()
    (newsroom / LAST_GOOD).unlink()  # not even a copy is left
    look.look()

    assert [each.what for each in alerts.standing(newsroom / "data")] == [last_settings.WHAT]


def test_an_alert_that_another_process_saw_end_does_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The supervisor read a broken file and could not keep its alert; the worker saw it mended."""
    for each in ("_unkept", "_holds", "_left"):
        monkeypatch.setattr(alerts, each, {})
    file, blocked = tmp_path / SETTINGS_FILE, tmp_path / "data" / alerts.FOLDER
    file.write_text(GOOD, encoding="utf-8")
    blocked.parent.mkdir()
    load_or_last(tmp_path)
    blocked.write_text("a file where the folder should be")
    file.write_text("[", encoding="utf-8")
    load_or_last(tmp_path)
    file.write_text(GOOD, encoding="utf-8")
    blocked.unlink()

    assert alerts.again()
    assert alerts.standing(tmp_path / "data") == []
