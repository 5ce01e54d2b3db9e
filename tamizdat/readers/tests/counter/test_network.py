"""From which network a form comes, as far as we look, and whom we believe about it."""

import pytest

from tamizdat.readers.counter.admission.network import HEADER, UNKNOWN, Network, network

OTHER = "198.51.100.7"


@pytest.mark.parametrize(
    ("address", "narrow", "wide"),
    [
        ("203.0.113.77", "203.0.113.0/24", "203.0.0.0/16"),
        ("203.0.113.0", "203.0.113.0/24", "203.0.0.0/16"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48", "2001:db8::/32"),
        ("2001:db8:1::", "2001:db8:1::/48", "2001:db8::/32"),
        ("[2001:db8:1::7]", "2001:db8:1::/48", "2001:db8::/32"),
        ("::ffff:203.0.113.77", "203.0.113.0/24", "203.0.0.0/16"),
    ],
)
def test_senders_are_told_apart_by_their_network(address, narrow, wide):
    expected = Network(narrow, wide)

    assert network({"REMOTE_ADDR": address}) == expected
    assert network({"REMOTE_ADDR": "127.0.0.1", HEADER: address}) == expected
    assert network({"REMOTE_ADDR": "::1", HEADER: address}) == expected


def test_a_header_is_believed_only_from_this_machine():
    said = network({"REMOTE_ADDR": OTHER, HEADER: "203.0.113.77"})

    assert said == network({"REMOTE_ADDR": OTHER})


@pytest.mark.parametrize("peer", ["", "somewhere", "127.0.0.1:80", "[2001:db8::1"])
def test_a_peer_that_cannot_be_read_is_not_this_machine(peer):
    said = network({"REMOTE_ADDR": peer, HEADER: "203.0.113.77"})

    assert said.narrow != "203.0.113.0/24"


@pytest.mark.parametrize("said", ["", "unknown", "127.0.0.0", "::1", "203.0.113.7, 203.0.113.8"])
def test_where_nobody_tells_everybody_is_one_sender(said):
    assert network({"REMOTE_ADDR": "127.0.0.1", HEADER: said}) == UNKNOWN
    assert network({}) == UNKNOWN
