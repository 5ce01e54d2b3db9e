"""Which addresses we take, and when two are one."""

import pytest

from tamizdat.readers.mailboxes.addresses import limit_tag, read, tag
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
        "a" * 60 + "@" + "b" * 60 + ".example.org", "=?utf-8?q?ada?=@example.org",
        "=?utf-8?q?ada=40example.org=2C?=@example.org", "b=?utf-8?b?YQ==?=@example.org",
    ],
    ids=repr,
)  # fmt: skip
def test_what_no_letter_could_reach_is_refused_without_repeating_it(typed):
    with pytest.raises(AddressError) as refused:
        read(typed)

    assert not typed or typed not in str(refused.value)


KEY, OTHER = b"1" * 32, b"2" * 32


def test_capitals_do_not_make_two_readers():
    assert tag(KEY, "Ada@example.org") == tag(KEY, "ada@Example.org")


def test_another_newsroom_s_tags_are_others():
    assert tag(KEY, "ada@example.org") != tag(OTHER, "ada@example.org")


def test_a_mailbox_has_one_limit_however_it_is_written():
    one = {
        limit_tag(KEY, each)
        for each in ("ada@example.org", "Ada+1@example.org", "ada+b+c@example.org")
    }

    assert len(one) == 1
    assert limit_tag(KEY, "bob@example.org") not in one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.l@gmail.com", "a.d.a.l+x@googlemail.com"),
        ("a.da@proton.me", "a-d_a@pm.me"),
        ("ada-l@yandex.ru", "ada.l@ya.ru"),
        ("ada@icloud.com", "ada@me.com"),
        ("ada.l@narod.ru", "ada-l@yandex.ua"),
        ("+79001234567@yandex.ru", "79001234567@ya.ru"),
        ("ada@fastmail.com", "shop@ada.fastmail.com"),
        ("ada_l@fastmail.fm", "shop+1@ada-l.fastmail.fm"),
        ("ada@outlook.com", "ada+shop@outlook.com"),
        ("ada@mail.ru", "ada+shop@mail.ru"),
    ],
)
def test_a_mailbox_has_one_limit_in_each_spelling_of_its_provider(one, other):
    assert limit_tag(KEY, one) == limit_tag(KEY, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada.l@example.org", "adal@example.org"),
        ("ada-l@gmail.com", "adal@gmail.com"),
        ("adal@yandex.ru", "ada.l@yandex.ru"),
        ("ada@gmail.com", "ada@proton.me"),
        ("ada.l@outlook.com", "adal@outlook.com"),
        ("ada@outlook.com", "ada@hotmail.com"),
        ("ada@fastmail.com", "ada@fastmail.fm"),
        ("shop@ada.fastmail.com", "shop@bob.fastmail.com"),
        ("shop@ada.example.org", "news@ada.example.org"),
        ("+79001234567@yandex.ru", "+79007654321@yandex.ru"),
        ("+ada@example.org", "+bob@example.org"),
    ],
)
def test_two_mailboxes_have_two_limits(one, other):
    assert limit_tag(KEY, one) != limit_tag(KEY, other)


def test_plus_addresses_are_readers_of_their_own():
    assert tag(KEY, "ada+news@example.org") != tag(KEY, "ada@example.org")
