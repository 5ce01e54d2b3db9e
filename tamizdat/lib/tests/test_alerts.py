"""What does not work is said once, stands until it works again, and never tells an address."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tamizdat.lib import alerts
from tamizdat.lib.alerts import Alert, isolated, raise_alert

AT = datetime(2026, 11, 29, 12, 0, 7, tzinfo=UTC)
RELAY = Alert("mail-relay", "The relay does not answer.", "It refused.", "Look at the relay.")


@pytest.fixture(autouse=True)
def nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one story could not keep is not tried again in another."""
    monkeypatch.setattr(alerts, "_unkept", {})
    monkeypatch.setattr(alerts, "_left", {})
    monkeypatch.setattr(alerts, "_holds", {})


def test_an_alert_stands_from_its_first_minute_until_it_is_taken_back(tmp_path: Path) -> None:
    raise_alert(tmp_path, RELAY, AT)
    raise_alert(tmp_path, RELAY, AT + timedelta(hours=1))

    (one,) = alerts.standing(tmp_path)
    assert (one.what, one.since) == (RELAY.what, AT.replace(second=0))

    alerts.clear(tmp_path, RELAY.key)
    assert alerts.standing(tmp_path) == []


def test_its_log_says_when_it_begins_and_ends_and_nothing_in_between(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for minute in range(5):
        raise_alert(tmp_path, RELAY, AT + timedelta(minutes=minute))
    alerts.clear(tmp_path, RELAY.key)
    alerts.clear(tmp_path, RELAY.key)

    said = [record.getMessage() for record in caplog.records]
    assert said == [
        "The relay does not answer. It refused. Look at the relay.",
        "Resolved: The relay does not answer.",
    ]


def test_what_fails_holds_up_nothing_and_its_words_are_not_kept(tmp_path: Path) -> None:
    with isolated(tmp_path, Alert("letters", "Letters wait.", do="Wait."), AT) as attempt:
        raise ValueError("anna@example.org")

    assert attempt.failed
    (one,) = alerts.standing(tmp_path)
    assert one.cause.startswith("builtins.ValueError at ")
    assert one.cause.endswith(f"lib/tests/test_alerts.py:{_line()}")
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"anna" not in kept

    with isolated(tmp_path, Alert("letters", "Letters wait.", do="Wait."), AT):
        pass
    assert alerts.standing(tmp_path) == []


def test_sentences_for_editors_and_causes_for_engineers_are_apart(tmp_path: Path) -> None:
    raise_alert(tmp_path, replace(RELAY, cause="OSError at a.py:7"), AT)

    (one,) = alerts.standing(tmp_path)
    assert (one.why, one.cause) == ("It refused.", "OSError at a.py:7")
    assert one.explanation == "It refused. The cause: OSError at a.py:7."
    assert replace(one, why="").explanation == "The cause: OSError at a.py:7."
    assert RELAY.explanation == "It refused."


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    raise_alert(tmp_path, RELAY, AT)
    folder = tmp_path / alerts.FOLDER
    assert [path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())] == [0, 0]


def test_where_nothing_can_be_written_it_is_still_said_and_nothing_breaks(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / alerts.FOLDER).write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        for minute in range(3):
            raise_alert(tmp_path, RELAY, AT + timedelta(minutes=minute))
        alerts.clear(tmp_path, RELAY.key)
        alerts.clear(tmp_path, RELAY.key)
    begins, unkept, ends = [record.getMessage() for record in caplog.records]
    assert begins == "The relay does not answer. It refused. Look at the relay."
    assert unkept.startswith("The alert mail-relay could not be kept: ")
    assert ends == "Resolved: The relay does not answer."


def test_what_could_not_be_kept_is_kept_once_there_is_room(tmp_path: Path) -> None:
    in_the_way = tmp_path / alerts.FOLDER
    in_the_way.write_text("a file where the folder should be")
    raise_alert(tmp_path, RELAY, AT)
    in_the_way.unlink()
    raise_alert(tmp_path, RELAY, AT + timedelta(hours=1))

    (one,) = alerts.standing(tmp_path)
    assert one.since == AT.replace(second=0)


def test_on_a_full_disk_a_cause_that_changes_is_said_once_and_shown(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alert(tmp_path, RELAY, AT)
    changed = replace(RELAY, why="It hangs.")
    with monkeypatch.context() as full:
        full.setattr(alerts.replacing, "replace", _no_room)
        caplog.clear()
        for minute in range(3):
            raise_alert(tmp_path, changed, AT + timedelta(minutes=minute))

        begins, unkept = [record.getMessage() for record in caplog.records]
        assert begins == "The relay does not answer. It hangs. Look at the relay."
        assert "could not be kept" in unkept
        assert [each.why for each in alerts.standing(tmp_path)] == ["It hangs."]
        assert not alerts.again()

    assert alerts.again()  # there is room, and nobody has to raise it once more
    assert b"It hangs." in (tmp_path / alerts.FOLDER / "mail-relay.json").read_bytes()


def test_what_could_not_be_taken_back_is_tried_again_until_it_is_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where root's hands left the folder, and nothing in it can be read or taken away."""
    raise_alert(tmp_path, RELAY, AT)
    with monkeypatch.context() as closed:
        closed.setattr(Path, "unlink", _closed)
        closed.setattr(Path, "read_bytes", _closed)
        assert not alerts.clear(tmp_path, RELAY.key)
        assert not alerts.again()
        assert alerts.are_open()
    assert len(alerts.standing(tmp_path)) == 1

    assert alerts.again()
    assert alerts.standing(tmp_path) == []
    assert caplog.records[-1].getMessage() == "Resolved: The relay does not answer."


def test_what_is_raised_anew_is_not_taken_back_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alert(tmp_path, RELAY, AT)
    with monkeypatch.context() as closed:
        closed.setattr(Path, "unlink", _closed)
        alerts.clear(tmp_path, RELAY.key)
    raise_alert(tmp_path, RELAY, AT)

    assert alerts.again()
    assert len(alerts.standing(tmp_path)) == 1


@contextmanager
def another_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is done in this block another process does: it knows nothing of what we could not do."""
    with monkeypatch.context() as another:
        for each in ("_unkept", "_holds", "_left"):
            another.setattr(alerts, each, {})
        yield


@pytest.mark.parametrize("holds", [True, False])
def test_what_could_not_be_kept_is_looked_at_again_before_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, holds: bool
) -> None:
    """Another process may have seen meanwhile that it is over."""
    in_the_way = tmp_path / alerts.FOLDER
    in_the_way.write_text("a file where the folder should be")
    raise_alert(tmp_path, RELAY, AT, lambda: holds)
    with another_process(monkeypatch):
        assert alerts.clear(tmp_path, RELAY.key)
    in_the_way.unlink()

    assert alerts.again()
    assert [each.key for each in alerts.standing(tmp_path)] == [RELAY.key] * holds


def test_what_another_process_raised_since_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raise_alert(tmp_path, RELAY, AT)
    with monkeypatch.context() as closed:
        closed.setattr(Path, "unlink", _closed)
        assert not alerts.clear(tmp_path, RELAY.key)
    with another_process(monkeypatch):
        raise_alert(tmp_path, replace(RELAY, why="It hangs."), AT)

    assert alerts.again()
    assert [each.why for each in alerts.standing(tmp_path)] == ["It hangs."]


def test_a_path_that_cannot_be_looked_at_breaks_nothing(tmp_path: Path) -> None:
    """As where somebody else owns the folder: the system refuses the question itself."""
    longer_than_any_name = "x" * 300
    alerts.clear(tmp_path, longer_than_any_name)
    raise_alert(tmp_path, Alert(longer_than_any_name, "It is long."), AT)
    assert alerts.standing(tmp_path / longer_than_any_name) == []


def test_who_keeps_nothing_only_logs(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    raise_alert(tmp_path / "data", RELAY, AT)
    alerts.clear(tmp_path / "data", RELAY.key)

    assert "The relay does not answer." in caplog.text
    assert list(tmp_path.iterdir()) == []


def test_what_says_nothing_of_a_block_leaves_its_alert_as_it_is(tmp_path: Path) -> None:
    raise_alert(tmp_path, RELAY, AT)
    with pytest.raises(LookupError), isolated(tmp_path, RELAY, AT, through=bool):
        raise KeyError
    assert [each.why for each in alerts.standing(tmp_path)] == [RELAY.why]


def test_a_file_that_says_something_else_is_no_alert_and_is_replaced(tmp_path: Path) -> None:
    raise_alert(tmp_path, RELAY, AT)
    path = tmp_path / alerts.FOLDER / "mail-relay.json"
    for torn in (b"", b"{", b"\xff", b"[]", b'{"what": 1}'):
        path.write_bytes(torn)
        assert alerts.standing(tmp_path) == []
        assert alerts.unreadable(tmp_path) == [path]
        raise_alert(tmp_path, RELAY, AT)
        assert alerts.unreadable(tmp_path) == []
        assert [each.what for each in alerts.standing(tmp_path)] == [RELAY.what]


def _no_room(_path: Path, _said: bytes) -> None:
    raise OSError(28, "No space left on device")


def _closed(_path: Path, **_more: bool) -> None:
    raise PermissionError(13, "Permission denied")


def _line() -> int:
    """Return the line of the error above."""
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return 1 + next(at for at, line in enumerate(lines) if "anna@example.org" in line)
