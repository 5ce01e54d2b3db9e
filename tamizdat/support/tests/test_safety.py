import pytest

from tamizdat.support.providers.base import Instrument
from tamizdat.support.safety import refusal

LISTED = frozenset({"RU", "BY"})


@pytest.mark.parametrize(
    ("instrument", "why"),
    [
        pytest.param(Instrument("card", "FR"), None, id="a card from France"),
        pytest.param(Instrument("card", "RU"), "listed", id="a card from Russia"),
        pytest.param(Instrument("card", "by"), "listed", id="however it is written"),
        pytest.param(Instrument("card", " RU "), "listed", id="with spaces around it"),
        pytest.param(Instrument("card", None), "unknown", id="nobody says where from"),
        pytest.param(Instrument("card", ""), "unknown", id="an empty answer"),
        pytest.param(Instrument("card", "643"), "unknown", id="a number for a country"),
        pytest.param(Instrument("card", "RUS"), "unknown", id="a code of three letters"),
        pytest.param(Instrument("link", "FR"), "kind", id="a wallet that hides its cards"),
        pytest.param(Instrument("paypal", "DE"), None, id="an account with a country"),
    ],
)
def test_what_we_take(instrument, why):
    assert refusal(instrument, LISTED) == why


def test_the_newsrooms_list_may_be_written_in_small_letters():
    assert refusal(Instrument("card", "RU"), {"ru"}) == "listed"


def test_an_empty_list_still_refuses_the_unknown():
    assert refusal(Instrument("card", None), ()) == "unknown"
