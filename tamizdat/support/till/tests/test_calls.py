"""The till's calls: who may make which, and what happens when somebody makes far too many."""

import json

import pytest
from django.test import RequestFactory

from tamizdat.readers.counter.bucket import Bucket
from tamizdat.support import call_keys
from tamizdat.support.till import calls

FIVE = {"amount": 500, "currency": "EUR", "interval": "once", "language": "en"}


@pytest.fixture
def keys(newsroom, settings):
    settings.NEWSROOM = newsroom
    call_keys.make(newsroom.keys)
    return newsroom.keys


@pytest.fixture
def full_bucket(monkeypatch):
    full = Bucket(most=40, a_minute=0)  # however slow the machine is, none comes back meanwhile
    monkeypatch.setattr(calls, "begun_a_minute", full)
    return full


def post(call, said, key):
    raw = said if isinstance(said, str) else json.dumps(said)
    request = RequestFactory().post(
        "/", raw, content_type="application/json", headers={"Authorization": key}
    )
    return call(request)


def test_a_flood_is_turned_away(keys, full_bucket):
    key = call_keys.header(keys, "counter")

    answers = [post(calls.begin, FIVE, key) for _ in range(full_bucket.most + 1)]

    assert (answers[0].status_code, answers[-1].status_code) == (200, 429)


@pytest.mark.parametrize(
    "key", ["", "Bearer ", "Bearer wrong", "Bearer " + "0" * 64, "Bearer ключ"]
)
def test_who_has_no_key_spends_no_limit_and_has_no_body_read(keys, full_bucket, key):
    answers = {post(calls.begin, "{", key).status_code for _ in range(full_bucket.most + 1)}

    assert answers == {403}
    assert post(calls.begin, FIVE, call_keys.header(keys, "counter")).status_code == 200


NO_KEYS = [b"", b"\n", b"0", b"00", b"0" * 63, b"0" * 65, b"zz" * 32, b"0 " * 64, b"\xff" * 64]


@pytest.mark.parametrize("content", NO_KEYS)
@pytest.mark.parametrize("caller", ["counter", "desk"])
def test_a_key_file_that_was_cut_short_opens_nothing(keys, monkeypatch, caller, content):
    """Two digits of it would be guessed in a second; and who holds such a file shows none."""
    given = "Bearer " + content.decode("latin-1").strip()
    (keys / call_keys.FILES[caller]).write_bytes(content)
    assert call_keys.header(keys, caller) == ""
    assert post(calls.begin, FIVE, given).status_code == 403

    (keys / call_keys.FILES[caller]).unlink()
    monkeypatch.setenv("TAMIZDAT_COUNTER_KEY", content.decode("latin-1"))
    assert call_keys.header(keys, caller) == ""
    assert post(calls.begin, FIVE, given).status_code == 403


OPENS = [
    (calls.begin, FIVE, {"counter", "desk"}),
    (calls.manage, {"token": "a" * 26, "do": "show"}, {"counter", "desk"}),
    (calls.manage, {"token": "a" * 26, "do": "stop"}, {"counter", "desk"}),
    (calls.wish, {"token": "a" * 26, "name": "0" * 32}, {"counter", "desk"}),
    (calls.unwish, {"token": "a" * 26, "name": "0" * 32}, {"counter", "desk"}),
    (calls.status, {"token_hash": "0" * 64}, {"desk"}),
    (calls.status, {"sums": True}, {"desk"}),
]


@pytest.mark.django_db(databases=["till"])
@pytest.mark.parametrize(("call", "said", "callers"), OPENS)
@pytest.mark.parametrize("caller", ["counter", "desk"])
def test_each_key_opens_its_callers_calls_and_no_other(keys, call, said, callers, caller):
    answer = post(call, said, call_keys.header(keys, caller))

    assert (answer.status_code != 403) == (caller in callers)


@pytest.mark.django_db(databases=["till"])
def test_a_hash_opens_nothing_for_the_counter(shop, keys):
    _, contribution = shop.give("month")
    key = call_keys.header(keys, "counter")

    answer = post(calls.manage, {"token_hash": contribution.token_hash, "do": "stop"}, key)
    as_token = post(calls.manage, {"token": contribution.token_hash, "do": "stop"}, key)

    contribution.refresh_from_db()
    assert (answer.status_code, as_token.status_code, contribution.state) == (400, 400, "running")


def test_keys_are_made_once_for_their_owner_only(tmp_path, monkeypatch):
    call_keys.make(tmp_path / "keys")
    first = call_keys.header(tmp_path / "keys", "counter")
    call_keys.make(tmp_path / "keys")

    assert call_keys.header(tmp_path / "keys", "counter") == first
    assert first != call_keys.header(tmp_path / "keys", "desk")
    files = sorted((tmp_path / "keys").iterdir())
    assert [path.name for path in files] == ["counter.key", "till.key"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_the_counters_key_may_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("TAMIZDAT_COUNTER_KEY", "f" * 64)

    assert call_keys.header(tmp_path, "counter") == "Bearer " + "f" * 64
    assert call_keys.header(tmp_path, "desk") == ""
    assert not call_keys.fits(tmp_path, ("desk",), "")
