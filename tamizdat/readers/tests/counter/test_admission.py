"""No sender spends a limit for all: who is let in, who is asked a price, and how dear it gets."""

import itertools
from dataclasses import replace

import pytest

from tamizdat.readers.counter.admission import LIMITS, Admission
from tamizdat.readers.counter.admission import price as pricing
from tamizdat.readers.counter.admission.network import UNKNOWN, network
from tamizdat.readers.counter.admission.proof_of_work import BASE, Work

KINDS = sorted(LIMITS)
START = 1_000.0  # seconds, monotonic
numbers = itertools.count()


def sender(address):
    return network({"REMOTE_ADDR": address})


READER = sender("192.0.2.7")


def flooders(many, *, in_one_block=False):
    """Networks of a flood: each in a block of its own, or side by side in one."""
    addresses = (f"10.9.{n}.1" if in_one_block else f"11.{n}.0.1" for n in range(many))
    return [sender(address) for address in addresses]


def base_proof():
    return Work(BASE, f"proof {next(numbers)}", is_priced=False)


def payment(price):
    return Work(price.hashes, price.quote, is_priced=True)


def flood(admission, kind, senders, forms, proof=lambda: None):
    """Send forms from these networks in turns, fifteen a second; returns how many were taken."""
    turns = itertools.islice(itertools.cycle(senders), forms)
    answers = [admission.judge(kind, proof(), one, START + n / 15) for n, one in enumerate(turns)]
    return answers.count(None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("who", [READER, UNKNOWN], ids=["known", "unknown"])
def test_on_a_quiet_day_nobody_sees_a_price(kind, who):
    admission = Admission()

    assert [admission.judge(kind, None, who, START + 20 * n) for n in range(200)] == [None] * 200


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("many", [1, 16, 256])
@pytest.mark.parametrize("in_one_block", [True, False])
def test_a_flood_without_a_script_spends_nothing_of_other_networks(kind, many, in_one_block):
    admission = Admission()
    flood(admission, kind, flooders(many, in_one_block=in_one_block), 3_000)

    readers = [sender(f"192.{n}.2.7") for n in range(100)]
    taken = [admission.judge(kind, None, one, START + 200) for one in readers]
    assert taken == [None] * 100


def test_made_up_links_of_one_network_are_few_and_a_reader_there_pays_for_theirs():
    """Each leaves a row until the desk has opened it: 330 in twelve seconds all did."""
    admission = Admission()
    ours, *others = flooders(20)
    taken = [admission.judge("mailbox", None, ours, START + n / 27) for n in range(330)]
    assert taken.count(None) < 40

    price = admission.judge("mailbox", None, ours, START + 13)
    assert admission.judge("mailbox", payment(price), ours, START + 14) is None
    for other in others:
        presses = [admission.judge("mailbox", None, other, START + 15 + n) for n in range(10)]
        assert presses == [None] * 10


@pytest.mark.parametrize("many", [1, 16, 256])
def test_a_flood_with_proofs_spends_nothing_of_other_networks(many):
    admission = Admission()
    flood(admission, "subscribe", flooders(many), 3_000, base_proof)

    readers = [sender(f"192.{n}.2.7") for n in range(100)]
    taken = [admission.judge("subscribe", base_proof(), one, START + 200) for one in readers]
    assert taken == [None] * 100
    assert [admission.judge("subscribe", None, one, START + 200) for one in readers] == [None] * 100


def test_a_block_full_of_senders_is_one_opponent():
    side_by_side = flood(
        Admission(), "subscribe", flooders(256, in_one_block=True), 5_000, base_proof
    )
    apart = flood(Admission(), "subscribe", flooders(256), 5_000, base_proof)

    assert side_by_side * 2 < apart


def test_whoever_shares_a_network_with_a_flood_pays_a_price_and_is_taken():
    admission = Admission()
    flood(admission, "declare", [READER], 1_000)

    price = admission.judge("declare", None, READER, START + 70)
    assert pricing.LEAST <= price.hashes <= pricing.MOST
    assert admission.judge("declare", payment(price), READER, START + 99) is None


def test_the_price_rises_with_the_flood_and_falls_again():
    admission = Admission()
    while (first := admission.judge("declare", None, READER, START)) is None:
        pass
    for _ in range(100):
        dearest = admission.judge("declare", None, READER, START)
    admission.judge("declare", None, READER, START + 60)
    while (later := admission.judge("declare", None, READER, START + 240)) is None:
        pass

    assert first.hashes == pricing.LEAST
    assert dearest.hashes == pricing.MOST
    assert later.hashes < pricing.LEAST * 1.5


def test_a_neighbours_flood_makes_nothing_dearer_for_other_networks():
    admission = Admission()
    flood(admission, "declare", flooders(1), 1_000)

    while (price := admission.judge("declare", None, READER, START + 70)) is None:
        pass
    assert price.hashes == pricing.LEAST


def test_a_price_that_was_asked_stands_though_it_rises():
    admission = Admission()
    while (asked := admission.judge("declare", None, READER, START)) is None:
        pass
    flood(admission, "declare", [READER], 1_000)

    assert admission.judge("declare", payment(asked), READER, START + 599) is None


def refused_payments(price):
    yield "twice", [payment(price), payment(price)], START + 1
    yield "too late", [payment(price)], START + pricing.GOOD_FOR_S + 2
    yield "less than was asked", [replace(payment(price), hashes=price.hashes - 1)], START + 1
    yield "a price of one's own", [Work(pricing.MOST, "A" * 38, is_priced=True)], START + 1
    yield "no quote at all", [Work(pricing.MOST, "-" * 9, is_priced=True)], START + 1


@pytest.mark.parametrize("case", range(5))
def test_a_price_is_paid_once_in_time_and_in_full(case):
    admission = Admission()
    while (price := admission.judge("declare", None, READER, START)) is None:
        pass
    name, works, at = list(refused_payments(price))[case]
    flood(admission, "declare", [READER], 1_000)
    for _ in range(1_000):  # nothing is left for nothing, at that moment
        admission.judge("declare", None, READER, at)

    answers = [admission.judge("declare", work, READER, at) for work in works]
    assert answers[-1] is not None, name


def test_after_a_restart_an_old_price_is_asked_anew_and_strands_nobody():
    before = Admission()
    while (price := before.judge("declare", None, READER, START)) is None:
        pass

    assert Admission().judge("declare", payment(price), READER, START) is None


def test_a_base_proof_that_was_used_is_none():
    admission, proof = Admission(), base_proof()
    answers = [admission.judge("subscribe", proof, READER, START) for _ in range(40)]

    assert answers.count(None) < 10
    assert admission.judge("subscribe", base_proof(), READER, START) is None
