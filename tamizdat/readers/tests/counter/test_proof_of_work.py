"""A proof is work for one form and one address, on one day, once."""

import string
from datetime import date, timedelta

import pytest

from tamizdat.readers.counter.admission.price import LEAST, Quotes
from tamizdat.readers.counter.admission.proof_of_work import Once, work
from tests import proofs

TODAY = date(2026, 11, 20)
ADDRESS = "ada@example.org"
GOOD = proofs.base("subscribe", ADDRESS, TODAY)


def test_a_good_proof_is_worth_the_hashes_that_it_costs():
    done = work(GOOD, "subscribe", f" {ADDRESS.title()} ", TODAY)

    assert (done.hashes, done.is_priced) == (65_536, False)


@pytest.mark.parametrize(
    ("proof", "kind", "address"),
    [
        pytest.param("", "subscribe", ADDRESS, id="none"),
        pytest.param(GOOD.replace("tz1", "tz3"), "subscribe", ADDRESS, id="of another form"),
        pytest.param(GOOD, "remind", ADDRESS, id="for another form"),
        pytest.param(GOOD, "subscribe", "eve@example.org", id="for another address"),
        pytest.param(GOOD + "1", "subscribe", ADDRESS, id="without the work"),
        pytest.param(GOOD.replace("2026-11-20", "2026-13-40"), "subscribe", ADDRESS, id="no day"),
        pytest.param(GOOD + "\n", "subscribe", ADDRESS, id="with more behind"),
        pytest.param("tz2|2026-11-20|abcdefgh|1|\u0663", "subscribe", ADDRESS, id="other digits"),
    ],
)
def test_a_bad_proof_is_worth_nothing(proof, kind, address):
    assert work(proof, kind, address, TODAY) is None


@pytest.mark.parametrize(
    ("away", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_proof_lasts_as_long_as_clocks_differ(away, good):
    proof = proofs.base("subscribe", ADDRESS, TODAY + timedelta(days=away))

    assert (work(proof, "subscribe", ADDRESS, TODAY) is not None) is good


def test_a_price_is_paid_once_however_its_quote_is_written():
    quotes = Quotes()
    quote = quotes.give(LEAST, 0)
    others = {quote[:-1] + last for last in string.printable} - {quote}
    others |= {f"{quote}=", f"{quote}\n", f"{quote[:8]}!{quote[8:]}", f" {quote}", f"{quote}é"}

    assert quotes.is_good(quote, LEAST, 0)
    assert not [other for other in others if quotes.is_good(other, LEAST, 0)]


def test_what_was_used_is_remembered_in_bounded_memory():
    once = Once(at_most=2)

    assert [once.is_new(name) for name in ("a", "a", "b", "c")] == [True, False, True, True]
    assert once.is_new("a")
    assert not once.is_new("c")
