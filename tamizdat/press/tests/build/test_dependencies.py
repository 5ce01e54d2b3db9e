"""The keys that printed jobs used."""

import pickle

import pytest

from tamizdat.press.build import dependencies
from tamizdat.press.build.dependencies import Dependencies

KEYS = ("card:12", "path:fa/2026/11/پل.html", "place:en/article//")


@pytest.fixture(params=[dependencies.ROOM, 1], ids=["in memory", "in a file"])
def noted(request, monkeypatch):
    monkeypatch.setattr(dependencies, "ROOM", request.param)
    return Dependencies({"article:12": KEYS, "shard:en:1": (), "month:en:2026-11": KEYS[:1]})


def test_what_was_noted_is_read_again_in_its_order(noted):
    assert list(noted) == ["article:12", "shard:en:1", "month:en:2026-11"]
    assert noted["article:12"] == KEYS
    assert noted["shard:en:1"] == ()
    assert "article:12" in noted
    assert "article:13" not in noted
    assert len(noted) == 3


def test_between_reading_and_noting_nothing_is_overwritten(noted):
    for number in range(300):
        noted.note(f"list:{number}", [f"card:{number}", f"path:{number}"])
        assert noted["article:12"] == KEYS

    assert noted["list:7"] == ("card:7", "path:7")
    assert noted["month:en:2026-11"] == KEYS[:1]


def test_what_is_noted_again_counts(noted):
    noted.note("article:12", ["card:1"])

    assert noted["article:12"] == ("card:1",)
    assert noted["month:en:2026-11"] == KEYS[:1]
    assert len(noted) == 3


def test_another_process_gets_them_all(noted):
    handed = pickle.loads(pickle.dumps(noted))

    assert dict(handed) == dict(noted)
    with pytest.raises(KeyError):
        handed["article:13"]


def test_nothing_is_left_in_the_newsroom_s_folder(noted, newsroom):
    before = set(newsroom.data.iterdir())
    noted.note("article:13", KEYS * 10)

    assert set(newsroom.data.iterdir()) == before
