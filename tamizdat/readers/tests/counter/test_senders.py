"""What the counter remembers about networks is bounded, keyed, and gone within the hour."""

import pickle
import time

from tamizdat.readers.counter.admission.senders import LASTS_S, Senders
from tamizdat.readers.counter.bucket import Rate

RATE = Rate(2, 1)
NETWORK = "subscribe 203.0.113.0/24"


def kept_by(senders):
    return [vars(senders)[name] for name in ("_key", "_old_key", "_buckets", "_old")]


def test_two_generations_fit_into_an_hour():
    assert 2 * LASTS_S < 60 * 60


def test_a_network_is_remembered_for_two_generations_and_not_longer():
    senders = Senders()
    senders.bucket(NETWORK, RATE, at=0)[0].take(0)

    senders.turn()
    bucket, taken = senders.bucket(NETWORK, RATE, at=0)
    assert (bucket.left(0), taken) == (1, 1)

    senders.turn()
    senders.turn()
    assert senders.bucket(NETWORK, RATE, at=0)[1] == 0


def test_nothing_is_left_of_a_quiet_evening():
    """Without a single request, by a timer: keys and buckets alike."""
    senders = Senders(lasts_s=0.05)
    senders.bucket(NETWORK, RATE, at=0)
    until = time.monotonic() + 5
    while len(senders) and time.monotonic() < until:
        time.sleep(0.01)

    assert kept_by(senders) == [b"", b"", {}, {}]


def test_no_network_is_kept_by_its_name():
    senders = Senders()
    senders.bucket(NETWORK, RATE, at=0)

    # A bucket has a lock, which cannot be pickled: what names things is the keys.
    kept = pickle.dumps(list(vars(senders)["_buckets"]))
    assert b"203" not in kept
    assert len(vars(senders)["_key"]) == 32


def test_memory_is_bounded_and_the_one_not_seen_for_longest_goes():
    senders = Senders(at_most=2)
    for name in ("a", "b", "a", "c"):
        senders.bucket(name, RATE, at=0)[0].take(0)

    assert len(senders) == 2
    assert [senders.bucket(name, RATE, at=0)[1] for name in ("a", "c", "b")] == [2, 1, 0]
