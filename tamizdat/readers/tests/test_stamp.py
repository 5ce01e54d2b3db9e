"""A stamp is work, for one form and one address, on one day, once."""

from datetime import date, timedelta
from hashlib import sha256

import pytest

from tamizdat.readers.counter import stamp as stamping
from tamizdat.readers.counter.bucket import Bucket
from tamizdat.readers.counter.stamp import Stamps

TODAY = date(2026, 11, 20)
ADDRESS = "ada@example.org"


def work(day=TODAY, kind="subscribe", address=ADDRESS, random="0123456789abcdef"):
    """Do what the reader's browser does."""
    for count in range(10_000_000):
        text = f"tz1|{kind}|{day}|{address}|{random}|{count}"
        if sha256(text.encode()).digest()[:2] == b"\0\0":
            return f"tz1|{day}|{random}|{count}"
    raise AssertionError


GOOD = work()


def test_a_good_stamp_is_accepted_once():
    stamps = Stamps()

    assert stamps.accept(GOOD, "subscribe", f" {ADDRESS.title()} ", TODAY)
    assert not stamps.accept(GOOD, "subscribe", ADDRESS, TODAY)


@pytest.mark.parametrize(
    ("stamp", "kind", "address"),
    [
        pytest.param("", "subscribe", ADDRESS, id="none"),
        pytest.param(GOOD.replace("tz1", "tz2"), "subscribe", ADDRESS, id="another form of stamp"),
        pytest.param(GOOD, "remind", ADDRESS, id="for another form"),
        pytest.param(GOOD, "subscribe", "eve@example.org", id="for another address"),
        pytest.param(GOOD + "1", "subscribe", ADDRESS, id="without the work"),
        pytest.param(GOOD.replace("2026-11-20", "2026-13-40"), "subscribe", ADDRESS, id="no day"),
        pytest.param(GOOD + "\n", "subscribe", ADDRESS, id="with more behind"),
    ],
)
def test_a_bad_stamp_is_refused(stamp, kind, address):
    assert not Stamps().accept(stamp, kind, address, TODAY)


@pytest.mark.parametrize(
    ("away", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_stamp_lasts_as_long_as_clocks_differ(away, good):
    day = TODAY + timedelta(days=away)

    assert Stamps().accept(work(day), "subscribe", ADDRESS, TODAY) is good


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(stamping, "REMEMBERED", 2)
    monkeypatch.setattr(stamping, "ZERO_BITS", 0)
    stamps = Stamps()

    first, *others = [f"tz1|2026-11-20|aaaaaaaa|{n}" for n in range(3)]
    assert all(stamps.accept(one, "subscribe", ADDRESS, TODAY) for one in (first, *others))

    assert stamps.accept(first, "subscribe", ADDRESS, TODAY)
    assert not stamps.accept(others[-1], "subscribe", ADDRESS, TODAY)


def test_a_bucket_empties_and_fills_again():
    bucket = Bucket(most=2, a_minute=6)

    assert [bucket.take(100), bucket.take(100), bucket.take(100)] == [True, True, False]
    assert [bucket.take(109), bucket.take(110), bucket.take(110)] == [False, True, False]


def test_a_bucket_never_holds_more_than_it_can():
    bucket = Bucket(most=2, a_minute=6)
    bucket.take(0)

    assert [bucket.take(100_000) for _ in range(3)] == [True, True, False]
