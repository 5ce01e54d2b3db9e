"""Whatever cannot be read in keys/, `doctor` names it and does not fail, and `work` works."""

import json
import shutil

import pytest

from tamizdat.lib import alerts
from tamizdat.readers import keys
from tamizdat.readers.keys import unattended
from tamizdat.site.tests.at_work import found
from tamizdat.support import call_keys
from tamizdat.support.till import sealed
from tests.databases import OnSqlite

NAMES = (*keys.FILES, *call_keys.FILES.values(), sealed.FILE)


@pytest.fixture(scope="module")
def served(django_db_setup, tmp_path_factory):
    """A newsroom that was served once."""
    made = found(tmp_path_factory.mktemp("keys") / "newsroom", OnSqlite())
    call_keys.make_file(made.folder / "keys" / sealed.FILE)
    made.run_unprivileged("work", "--once")
    return made


@pytest.fixture
def sheet(served):
    """The newsroom with its keys as they were, before and after a story."""
    folder, kept = served.folder / "keys", served.folder / "kept"
    shutil.copytree(folder, kept)
    yield served
    folder.chmod(0o700)
    shutil.rmtree(folder)
    kept.rename(folder)


def close(folder):
    for name in NAMES:
        (folder / name).chmod(0)


def garble(folder):
    for name in NAMES:
        (folder / name).write_bytes("ключ".encode())


def empty(folder):
    for name in NAMES:
        (folder / name).write_bytes(b"")


def cut_short(folder):
    for name in NAMES:
        (folder / name).write_bytes((folder / name).read_bytes()[:2])


def close_the_folder(folder):
    folder.chmod(0)


def close_the_way(folder):
    folder.chmod(0o400)  # its names can be read, its files cannot


def close_the_unattended(folder):
    (folder / unattended.FOLDER).chmod(0)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        pytest.param(close, NAMES, id="closed files"),
        pytest.param(garble, NAMES, id="not ASCII", marks=pytest.mark.soak),
        pytest.param(empty, NAMES, id="empty files"),
        pytest.param(cut_short, NAMES, id="two bytes of each", marks=pytest.mark.soak),
        pytest.param(close_the_folder, (), id="closed folder"),
        pytest.param(close_the_way, (), id="folder without a way in", marks=pytest.mark.soak),
        pytest.param(close_the_unattended, (), id="closed unattended keys", marks=pytest.mark.soak),
    ],
)
def test_what_cannot_be_read_is_named_and_stops_nothing(sheet, spoil, named):
    folder = sheet.folder / "keys"
    spoil(folder)

    examined = sheet.run_unprivileged("doctor", "--json")
    worked = sheet.run_unprivileged("work", "--once")

    findings = json.loads(examined.stdout)["findings"]
    about_keys = [each for each in findings if not each["well"] and "key" in each["what"]]
    text = " ".join(each["what"] for each in about_keys)
    assert [name for name in NAMES if f"the key {name} " in text] == list(named)
    assert about_keys
    assert not [each for each in findings if "could not be looked at" in each["what"]]
    assert "could not be looked at" not in str(json.loads(examined.stdout)["seizure"])
    assert examined.stderr == ""
    assert worked.returncode in (0, 1)
    assert "was not expected" not in worked.stderr
    assert not [key for key in sheet.standing() if key.startswith("round-")], sheet.standing()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(close, id="closed"),
        pytest.param(garble, id="garbled", marks=pytest.mark.soak),
        pytest.param(close_the_folder, id="folder", marks=pytest.mark.soak),
    ],
)
def test_a_key_is_one_finding_also_while_an_alert_stands(sheet, spoil):
    """The alert of a key that is only closed does not say to put it back from the backup."""
    folder = sheet.folder / "keys"
    path = folder / "letters.key"
    spoil(folder)
    sheet.run_unprivileged("work", "--once")
    told = {each.key: each for each in alerts.standing(sheet.folder / "data")}["key-letters-key"]

    findings = json.loads(sheet.run_unprivileged("doctor", "--json").stdout)["findings"]

    wrong = [each for each in findings if not each["well"]]
    if spoil is close_the_folder:
        assert [each["what"] for each in wrong if "keys/" in each["what"]] == [
            "the folder of the keys, keys/, is out of reach"
        ]
    else:
        assert len([each for each in wrong if "letters.key" in each["what"]]) == 1
    if spoil is close:
        assert told.what == "The file keys/letters.key cannot be read by this user."
        assert told.do.startswith(f"Open it: `chmod u+rwX {folder} {path}`.")
    assert ("backup" in told.do) is (spoil is garble)
