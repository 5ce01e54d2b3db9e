"""Which addresses we take, and when two are one."""

import pytest

from tamizdat.readers import keys
from tamizdat.readers.addresses import read, tag
from tamizdat.readers.sealing import AddressError


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  Ada.L@Example.ORG ", "Ada.L@example.org"),
        ("ada+news@example.org", "ada+news@example.org"),
        ("ada@пример.example.org", "ada@xn--e1afmkfd.example.org"),
    ],
)
def test_an_address_is_read(typed, taken):
    assert read(typed) == taken


@pytest.mark.parametrize(
    "typed",
    [
        "", "ada", "ada@", "@example.org", "ada@example", "a b@example.org", "ада@example.org",
        "ada@example.org\nBcc: all@example.org", "ada@[127.0.0.1]",
        "a" * 60 + "@" + "b" * 60 + ".example.org",
    ],
    ids=repr,
)  # fmt: skip
def test_what_no_letter_could_reach_is_refused_without_repeating_it(typed):
    with pytest.raises(AddressError) as refused:
        read(typed)

    assert not typed or typed not in str(refused.value)


def test_capitals_do_not_make_two_readers(tmp_path):
    keys.make(tmp_path / "keys", "words")

    assert tag(tmp_path / "keys", "Ada@example.org") == tag(tmp_path / "keys", "ada@Example.org")


def test_another_newsroom_s_tags_are_others(tmp_path):
    for name in ("one", "two"):
        keys.make(tmp_path / name, "words")

    assert tag(tmp_path / "one", "ada@example.org") != tag(tmp_path / "two", "ada@example.org")
