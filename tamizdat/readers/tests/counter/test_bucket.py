"""A bucket lets a burst through, and then so many a minute."""

from tamizdat.readers.counter.bucket import Bucket


def test_a_bucket_empties_and_fills_again():
    bucket = Bucket(most=2, a_minute=6)

    assert [bucket.take(100), bucket.take(100), bucket.take(100)] == [True, True, False]
    assert [bucket.take(109), bucket.take(110), bucket.take(110)] == [False, True, False]
    assert bucket.taken == 3


def test_a_bucket_never_holds_more_than_it_can():
    bucket = Bucket(most=2, a_minute=6)
    bucket.take(0)

    assert [bucket.take(100_000) for _ in range(3)] == [True, True, False]
