"""The laws of sealing: what is sealed opens, tells nothing, and cannot be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.readers import keys
from tamizdat.readers.opening import OpeningError, open_sealed, private_key
from tamizdat.readers.sealing import LONGEST, AddressError, padded, seal, unpadded


def pair(name):
    secret, public = keys._fresh_pair()
    return private_key(name, bytearray(secret)), _public(name, public)


def _public(name, raw):
    mlkem = keys.MLKEM768PublicKey.from_public_bytes(raw[: keys.MLKEM_PUBLIC])
    x25519 = keys.X25519PublicKey.from_public_bytes(raw[keys.MLKEM_PUBLIC :])
    return keys.PublicKey(name, keys.MLKEM768X25519PublicKey(mlkem, x25519))


PRIVATE, PUBLIC = pair("reader")
ADDRESSES = st.text(st.characters(codec="utf-8"), min_size=1).filter(
    lambda text: len(text.encode()) <= LONGEST
)


class TestWhatIsSealedOpens:
    @given(ADDRESSES)
    def test_with_its_own_key(self, address):
        assert open_sealed(seal(address, PUBLIC), PRIVATE) == address

    @given(ADDRESSES)
    def test_padding_is_undone(self, address):
        assert unpadded(padded(address)) == address


class TestASealedAddressTellsNothing:
    @given(st.text(st.characters(codec="ascii"), min_size=1, max_size=63))
    def test_all_have_one_length(self, address):
        assert len(seal(address, PUBLIC)) == 1200

    @given(st.text(st.characters(codec="ascii"), min_size=64, max_size=LONGEST))
    def test_the_rare_long_ones_have_one_length_too(self, address):
        assert len(seal(address, PUBLIC)) == 1264

    def test_the_same_address_sealed_twice_looks_different(self):
        assert seal("ada@example.org", PUBLIC) != seal("ada@example.org", PUBLIC)


class TestNobodyElseOpensIt:
    @given(st.integers(0, 1199), st.integers(1, 255))
    def test_a_changed_byte_does_not_open(self, place, change):
        sealed = bytearray(SEALED)
        sealed[place] ^= change

        with pytest.raises(OpeningError):
            open_sealed(bytes(sealed), PRIVATE)

    @given(st.integers(0, 1199))
    def test_a_cut_one_does_not_open(self, length):
        with pytest.raises(OpeningError):
            open_sealed(SEALED[:length], PRIVATE)

    def test_another_key_does_not_open_it(self):
        other, _ = pair("reader")

        with pytest.raises(OpeningError):
            open_sealed(SEALED, other)

    def test_a_key_opens_only_what_was_sealed_in_its_name(self):
        secret, public = keys._fresh_pair()

        with pytest.raises(OpeningError):
            open_sealed(
                seal("ada@example.org", _public("errand", public)),
                private_key("reader", bytearray(secret)),
            )


SEALED = seal("ada@example.org", PUBLIC)


@pytest.mark.parametrize(
    "address", ["", "a" * 128, "я" * 64], ids=["none", "long", "long in UTF-8"]
)
def test_what_cannot_be_padded_is_refused_without_repeating_it(address):
    with pytest.raises(AddressError, match="empty or too long"):
        seal(address, PUBLIC)


def test_a_private_key_does_not_show_itself():
    assert repr(PRIVATE) == "PrivateKey(name='reader')"
