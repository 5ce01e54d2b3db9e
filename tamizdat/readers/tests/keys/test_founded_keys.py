"""Another newsroom's keys, put into keys/ by mistake, are never used as if they were ours."""

import base64
import secrets
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tamizdat.lib import alerts
from tamizdat.readers import keys, publishing
from tamizdat.readers.counter import published
from tamizdat.readers.counter.models import Published
from tamizdat.readers.keys import founded_keys
from tamizdat.readers.models import FoundedKey

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FOREIGN = {
    "reader.public": lambda: base64.b64encode(keys.fresh_pair()[1]),
    "letters.key": lambda: secrets.token_hex(32).encode(),
}
SPOILT = {
    "another newsroom's": None,
    "empty": b"",
    "garbage": b"\xff garbage",
    "half": b"abcd",
}


@pytest.fixture
def founded(keyed_newsroom, tmp_path, settings):
    """A newsroom with key files that may be spoilt."""
    shutil.copytree(keyed_newsroom.keys, tmp_path / "keys")
    (tmp_path / "data").mkdir()
    settings.NEWSROOM = replace(keyed_newsroom, folder=tmp_path)
    founded_keys.remember(settings.NEWSROOM.keys)
    publishing.change_keys(settings.NEWSROOM, NOON)
    assert founded_keys.faults(settings.NEWSROOM.keys) == {}
    return settings.NEWSROOM


def spoil(newsroom, name, how):
    said = SPOILT[how]
    (newsroom.keys / name).write_bytes(FOREIGN[name]() if said is None else said)


def standing(newsroom):
    return {each.key: each for each in alerts.standing(newsroom.data)}


@pytest.mark.parametrize("name", list(FOREIGN))
@pytest.mark.parametrize("how", list(SPOILT))
def test_each_that_is_not_ours_is_named(founded, name, how):
    spoil(founded, name, how)

    assert set(founded_keys.faults(founded.keys)) == {name}


def test_who_only_looks_remembers_nothing(founded):
    """`doctor` may look while another newsroom's file lies there, before the first start."""
    FoundedKey.objects.all().delete()

    assert founded_keys.faults(founded.keys) == {}
    assert not FoundedKey.objects.exists()


def test_what_is_remembered_stays(founded):
    spoil(founded, "letters.key", "another newsroom's")

    founded_keys.remember(founded.keys)

    assert set(founded_keys.faults(founded.keys)) == {"letters.key"}


@pytest.mark.parametrize("how", list(SPOILT))
def test_no_other_reader_key_is_published_and_the_old_one_is_used_on(founded, how):
    before = Published.objects.get(name="keys").text
    path = founded.keys / "reader.public"
    ours = path.read_bytes()
    spoil(founded, "reader.public", how)

    assert not publishing.change_keys(founded, NOON)

    assert Published.objects.get(name="keys").text == before
    assert "does not hold this newsroom's key" in standing(founded)["key-reader-public"].what

    path.write_bytes(ours)
    publishing.change_keys(founded, NOON)
    published.memory.forget("keys")
    assert published.keys().reader.raw == keys.reader_public(founded.keys).raw
    assert "key-reader-public" not in standing(founded)
