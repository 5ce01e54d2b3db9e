"""What comes from outside is a number only if it is plainly one, and not too large."""

import pytest

from tamizdat.lib.numbers import whole


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("120", 120),
        ("121", None),
        ("0120", None),
        ("9" * 5000, None),
        ("", None),
        ("-1", None),
        ("+1", None),
        (" 1", None),
        ("1_0", None),
        ("1.0", None),
        ("²", None),
        ("۷", None),
        ("seven", None),
    ],
)
def test_a_whole_number_of_at_most_120(text: str, number: int | None) -> None:
    assert whole(text, 120) == number
