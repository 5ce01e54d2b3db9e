"""Doctor names a relay on this machine, whose queue and log hold addresses."""

from dataclasses import replace

import pytest

from tamizdat.readers.privacy import seizure_of_desk


@pytest.mark.parametrize(
    ("send", "told"),
    [
        ("smtp://127.0.0.1:25", 1),
        ("smtp://localhost", 1),
        ("smtp://[::1]:25", 1),
        ("smtp://mail.example.org:587", 0),
        ("mailbox", 0),
    ],
)
def test_a_relay_of_ours_is_told_of(newsroom, send, told):
    there = replace(newsroom, mail=replace(newsroom.mail, send=send))

    assert len(list(seizure_of_desk.relay(there))) == told
