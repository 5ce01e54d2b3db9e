"""Keys: whole, private, never written over."""

import json
import os
import stat
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.readers import keys

PASSPHRASE = "six plain words for a test"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newsroom") / "keys"
    keys.make(folder, PASSPHRASE)
    return folder


def test_all_keys_are_made_and_only_their_owner_reads_them(folder):
    assert {path.name for path in folder.iterdir()} == set(keys.FILES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_the_reader_key_opens_with_its_passphrase(folder):
    secret = keys.unlock_reader(folder, PASSPHRASE)

    assert len(secret) == keys.SECRET
    assert any(secret)


def test_the_reader_key_stays_shut_to_another_passphrase(folder):
    with pytest.raises(keys.WrongPassphraseError):
        keys.unlock_reader(folder, PASSPHRASE + " ")


def test_the_reader_key_does_not_stand_in_its_file(folder):
    secret = bytes(keys.unlock_reader(folder, PASSPHRASE))
    stored = (folder / "reader.private").read_text()

    assert secret.hex() not in stored
    assert keys.base64.b64encode(secret).decode()[:40] not in stored


@pytest.mark.parametrize("name", keys.FILES)
def test_a_key_is_never_written_over(tmp_path, name):
    (tmp_path / name).write_text("precious")

    with pytest.raises(keys.KeysError, match="never written over"):
        keys.make(tmp_path, PASSPHRASE)

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "precious"


def test_no_newsroom_gets_a_reader_key_without_a_passphrase(tmp_path):
    with pytest.raises(keys.KeysError, match="needs a passphrase"):
        keys.make(tmp_path, "")


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("reader.public", keys.reader_public),
        ("reader.private", lambda folder: keys.unlock_reader(folder, PASSPHRASE)),
        ("letters.key", lambda folder: keys.shared_secret(folder, "letters.key")),
    ],
)
@pytest.mark.parametrize("content", [None, "", "x", "bm9uc2Vuc2U="], ids=str)
def test_a_missing_or_damaged_key_is_named(tmp_path, name, read, content):
    if content is not None:
        (tmp_path / name).write_text(content)

    with pytest.raises(keys.KeysError, match=name):
        read(tmp_path)


def test_a_wiped_secret_is_gone():
    secret = bytearray(b"secret")

    keys.wipe(secret)

    assert secret == bytes(6)


def test_the_key_that_recognises_duplicates_comes_from_the_reader_secret_alone(folder):
    secret = keys.unlock_reader(folder, PASSPHRASE)

    assert keys.duplicates_key(secret) == keys.duplicates_key(bytearray(secret))
    assert keys.duplicates_key(secret) != keys.duplicates_key(bytearray(keys.SECRET))
    assert len(keys.duplicates_key(secret)) == 32


def test_the_reader_key_of_another_newsroom_opens_nothing_here(tmp_path):
    """What it does not open would be taken for damaged, and forgotten."""
    for name in ("ours", "theirs"):
        keys.make(tmp_path / name, PASSPHRASE)
    (tmp_path / "theirs/reader.private").replace(tmp_path / "ours/reader.private")

    with pytest.raises(keys.KeysError, match=r"does not belong to reader\.public"):
        keys.unlock_reader(tmp_path / "ours", PASSPHRASE)


@pytest.mark.parametrize("synced", range(len(keys.FILES)))
def test_keys_that_do_not_all_reach_the_disk_are_all_gone(tmp_path, monkeypatch, synced):
    """Else the next try is refused: a key is never written over."""
    real, calls = os.fsync, iter(range(len(keys.FILES)))

    def full(descriptor):
        if next(calls) == synced:
            raise OSError(28, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        keys.make(tmp_path, PASSPHRASE)

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_where_another_cannot_be_written(tmp_path):
    (tmp_path / "letters.key").write_text("there")

    with pytest.raises(FileExistsError):
        keys.write(tmp_path / "letters.key", b"new")

    assert (tmp_path / "letters.key").read_text() == "there"


SAID = "is damaged|The passphrase is wrong"  # a smaller cost is a cost
COSTS = st.integers() | st.floats() | st.none() | st.booleans() | st.text(max_size=4)
SPOILT = st.sampled_from([-16, 0, 3, 2**60, 10**400, 1.5, "AA==", "", [], {}, 2**17])


@pytest.mark.parametrize("field", ["n", "r", "p", "salt", "nonce", "sealed"])
def test_a_reader_key_with_a_spoilt_field_is_named(folder, tmp_path, field):
    """Neither an error nor hours, nor all of the memory, as costs without bounds would take."""
    whole = json.loads((folder / "reader.private").read_text())
    (tmp_path / "reader.public").write_bytes((folder / "reader.public").read_bytes())

    @given(value=COSTS | SPOILT)
    def law(value):
        if value == whole[field]:
            return
        (tmp_path / "reader.private").write_text(json.dumps(whole | {field: value}))
        with pytest.raises(keys.KeysError, match=SAID):
            keys.unlock_reader(tmp_path, PASSPHRASE)
        with suppress(keys.KeysError):
            keys.check(tmp_path, "reader.private")

    law()


@pytest.mark.parametrize("content", ["[" * 100_000, "[]", "5", '{"n": 1e999, "r": 8, "p": 1}'])
def test_a_reader_key_that_is_no_such_json_is_damaged(tmp_path, content):
    (tmp_path / "reader.private").write_text(content)

    with pytest.raises(keys.KeysError, match="is damaged"):
        keys.check(tmp_path, "reader.private")


@pytest.mark.parametrize("name", ["salt", "nonce", "sealed"])
@pytest.mark.parametrize("short", ["", "AA=="])
def test_a_reader_key_that_is_cut_short_is_no_wrong_passphrase(folder, tmp_path, name, short):
    whole = json.loads((folder / "reader.private").read_text())
    (tmp_path / "reader.private").write_text(json.dumps(whole | {name: short}))

    with pytest.raises(keys.KeysError, match="is damaged"):
        keys.unlock_reader(tmp_path, PASSPHRASE)
