"""Unattended keys: a new pair every hour, and none that is older than forty-nine."""

import resource
import signal
import stat
from datetime import UTC, datetime, timedelta
from errno import EACCES, EMFILE
from os import strerror
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.readers.sealing import records
from tamizdat.readers.sealing.opening import OpeningError, open_record, private_key
from tamizdat.readers.sealing.records import Record

NOON = datetime(2026, 11, 20, 12, 34, 56, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def names(folder):
    return [pair.name for pair in unattended.pairs(folder)]


def test_one_pair_is_in_use_for_an_hour(tmp_path):
    first = unattended.rotate(tmp_path, NOON)

    assert unattended.rotate(tmp_path, NOON + 25 * MINUTE) == first
    assert unattended.rotate(tmp_path, NOON + 26 * MINUTE) != first
    assert len(names(tmp_path)) == 2


def test_a_pair_is_destroyed_after_forty_nine_hours(tmp_path):
    first = unattended.rotate(tmp_path, NOON)
    unattended.rotate(tmp_path, NOON + 12 * HOUR)

    unattended.rotate(tmp_path, NOON + 48 * HOUR)
    assert first.name in names(tmp_path)
    unattended.rotate(tmp_path, NOON + 49 * HOUR)

    assert first.name not in names(tmp_path)
    assert unattended.secret(tmp_path, first.name) is None
    assert not list(tmp_path.rglob(f"{first.name}*"))


@given(st.lists(st.integers(0, 40), max_size=12))
def test_whatever_the_hours_of_the_rounds_no_living_pair_is_too_old(tmp_path_factory, pauses):
    folder, at = tmp_path_factory.mktemp("keys"), NOON
    for pause in pauses:
        at += pause * HOUR
        in_use = unattended.rotate(folder, at)

        assert at - in_use.made < HOUR
        assert all(at - pair.made < 49 * HOUR for pair in unattended.pairs(folder))


def test_what_was_sealed_to_a_pair_opens_until_it_is_destroyed(tmp_path):
    pair = unattended.rotate(tmp_path, NOON)
    record = Record("receipt", "ada@example.org", "en")
    sealed = records.seal(record, unattended.public(tmp_path, pair.name))

    assert open_record(sealed, opener(tmp_path, pair)) == record

    other = unattended.rotate(tmp_path, NOON + 12 * HOUR)
    with pytest.raises(OpeningError):
        open_record(sealed, opener(tmp_path, other))


def opener(folder, pair):
    return private_key(pair.name, unattended.secret(folder, pair.name))


def test_only_their_owner_reads_them_and_no_backup_takes_them(tmp_path):
    unattended.rotate(tmp_path, NOON)

    files = list((tmp_path / "unattended").iterdir())
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "unattended").stat().st_mode) == 0o700
    tag = (tmp_path / "unattended" / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_name_from_outside_reaches_no_other_file(tmp_path):
    (tmp_path / "reader.private").write_text("secret")

    assert unattended.secret(tmp_path, "../reader") is None


def test_limits_end_with_the_pair_that_they_are_named_for(tmp_path):
    pair = unattended.rotate(tmp_path, NOON)
    assert set(unattended.limit_keys(tmp_path)) == {pair.name}

    unattended.rotate(tmp_path, NOON + 49 * HOUR)
    assert pair.name not in unattended.limit_keys(tmp_path)


def test_a_damaged_pair_is_named(tmp_path):
    pair = unattended.rotate(tmp_path, NOON)
    (tmp_path / "unattended" / f"{pair.name}.private").write_text("eA==")

    with pytest.raises(keys.KeysError, match="damaged"):
        unattended.secret(tmp_path, pair.name)


@pytest.mark.parametrize("error", [EMFILE, EACCES], ids=strerror)
def test_a_pair_that_cannot_be_read_now_is_not_taken_for_gone(tmp_path, monkeypatch, error):
    pair = unattended.rotate(tmp_path, NOON)
    with monkeypatch.context() as failing:
        failing.setattr(Path, "read_bytes", fails_with(error))
        with pytest.raises(keys.KeysError, match=strerror(error)):
            unattended.opener(tmp_path, pair.name)

        assert unattended.rotate(tmp_path, NOON) != pair, "the counter needs one that opens"

    assert unattended.opener(tmp_path, pair.name) is not None


def test_limits_miss_no_pair_for_a_moment_and_wait_for_none_that_is_closed(tmp_path, monkeypatch):
    unattended.rotate(tmp_path, NOON)
    monkeypatch.setattr(Path, "read_bytes", fails_with(EMFILE))
    with pytest.raises(keys.KeysError):
        unattended.limit_keys(tmp_path)

    monkeypatch.setattr(Path, "read_bytes", fails_with(EACCES))
    assert unattended.limit_keys(tmp_path) == {}


def fails_with(error):
    def fails(_path):
        raise OSError(error, strerror(error))

    return fails


def test_a_pair_that_cannot_be_destroyed_keeps_no_other_and_no_new_one(tmp_path):
    stuck, gone = (unattended.rotate(tmp_path, NOON + n * HOUR) for n in (0, 1))
    private = tmp_path / "unattended" / f"{stuck.name}.private"
    private.unlink()
    private.mkdir()

    in_use = unattended.rotate(tmp_path, NOON + 50 * HOUR)

    assert names(tmp_path) == [stuck.name, in_use.name]
    assert not list(tmp_path.rglob(f"{gone.name}*"))


def test_a_pair_that_cannot_be_overwritten_is_deleted(tmp_path):
    first = unattended.rotate(tmp_path, NOON)
    private = tmp_path / "unattended" / f"{first.name}.private"
    private.unlink()
    private.symlink_to(tmp_path / "nothing")  # to open it fails, as where a file is read-only

    unattended.rotate(tmp_path, NOON + 49 * HOUR)

    assert not list((tmp_path / "unattended").glob(f"{first.name}*"))


@pytest.mark.parametrize("left", ["", "eA=="], ids=["empty", "cut"])
def test_a_pair_that_a_crash_left_half_is_not_used_and_stops_no_limits(tmp_path, left):
    half = unattended.rotate(tmp_path, NOON)
    (tmp_path / "unattended" / f"{half.name}.private").write_text(left)

    whole = unattended.rotate(tmp_path, NOON + MINUTE)

    assert whole != half
    assert set(unattended.limit_keys(tmp_path)) == {whole.name}


def test_a_full_disk_leaves_no_half_of_a_pair(tmp_path):
    (tmp_path / "unattended").mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(keys.KeysError, match="cannot be written"):
            unattended.rotate(tmp_path, NOON)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)

    assert [path.name for path in (tmp_path / "unattended").iterdir()] == ["CACHEDIR.TAG"]


def test_a_pair_that_a_clock_made_that_was_ahead_does_not_outlive_the_mistake(tmp_path):
    ahead = unattended.rotate(tmp_path, NOON + 1000 * HOUR)

    in_use = unattended.rotate(tmp_path, NOON)

    assert names(tmp_path) == [in_use.name]
    assert unattended.secret(tmp_path, ahead.name) is None


def test_a_clock_that_is_put_right_by_a_minute_costs_no_pair(tmp_path):
    full_hour = NOON.replace(minute=0, second=0)
    first = unattended.rotate(tmp_path, full_hour)

    unattended.rotate(tmp_path, full_hour - MINUTE)

    assert first.name in names(tmp_path)
