"""The laws of sealing: what is sealed opens, tells nothing, and cannot be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.readers import keys
from tamizdat.readers.sealing import LONGEST, RECORDS, AddressError, padded, records, seal, unpadded
from tamizdat.readers.sealing.opening import OpeningError, open_record, open_sealed, private_key
from tamizdat.readers.sealing.records import Record, RecordError


def pair(name):
    secret, public = keys.fresh_pair()
    return private_key(name, bytearray(secret)), keys.public_from(public, name)


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
        secret, public = keys.fresh_pair()

        with pytest.raises(OpeningError):
            open_sealed(
                seal("ada@example.org", keys.public_from(public, "2026-11-20T12-0badcafe")),
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


DETAILS = st.dictionaries(
    st.sampled_from(["due", "token", "month"]), st.text(st.characters(codec="ascii"), max_size=40)
)


NO_RECORDS = [b"[]", b"[1,1,1,1,1]", b'[1,"a","b","c",[]]', b'[1,"a","\\ud800@b","c",{}]']


class TestASealedRecord:
    @given(st.sampled_from(["reminder", "receipt"]), DETAILS)
    def test_opens_as_it_was_and_has_one_length(self, kind, details):
        record = Record(kind, "ada@example.org", "en", details)
        sealed = records.seal(record, PUBLIC)

        assert open_record(sealed, PRIVATE) == record
        assert len(sealed) == RECORDS[0] + 1136

    def test_is_not_an_address(self):
        with pytest.raises(OpeningError):
            open_sealed(records.seal(Record("x", "ada@example.org", "en"), PUBLIC), PRIVATE)

    def test_that_is_too_long_is_refused_without_repeating_it(self):
        with pytest.raises(AddressError, match="too long"):
            records.seal(Record("x", "ada@example.org", "en", {"said": "x" * 6200}), PUBLIC)

    def test_does_not_show_itself(self):
        assert "ada@" not in repr(Record("x", "ada@example.org", "en", {"token": "secret"}))

    @given(st.binary(max_size=60) | st.sampled_from(NO_RECORDS))
    def test_of_a_hostile_counter_is_refused_as_one(self, raw):
        with pytest.raises(RecordError):
            records.unpack(raw)
