"""The link by which whoever reads a mailbox says whether we may write to it."""

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.readers import keys
from tamizdat.readers.keys import letters_key
from tamizdat.readers.mailboxes import mailbox_links
from tamizdat.readers.sealing.opening import OpeningError, open_link

ADA = "ada@example.org"
LONGEST = f"{'a' * 60}@{'b' * 50}.{'c' * 10}.org"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("links") / "keys"
    keys.make(folder, "a passphrase")
    return folder


@pytest.mark.parametrize("address", [ADA, "Ada+1@example.org", LONGEST, "a@b.c"])
def test_holds_its_address_and_shows_it_to_nobody(folder, address):
    link = mailbox_links.link(letters_key(folder), address)

    assert mailbox_links.is_link(link)
    plain = base64.b32encode(address.encode()).decode().lower().rstrip("=")
    assert plain[:8] not in link
    assert open_link(link, letters_key(folder)) == address
    assert link == mailbox_links.link(letters_key(folder), address)


@given(st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=300))
@settings(deadline=None)
def test_that_somebody_made_up_opens_nothing(folder, text):
    with pytest.raises(OpeningError):
        open_link(text, letters_key(folder))


def test_of_another_newsroom_opens_nothing(folder, tmp_path):
    keys.make(tmp_path / "keys", "another passphrase")

    with pytest.raises(OpeningError):
        open_link(mailbox_links.link(letters_key(tmp_path / "keys"), ADA), letters_key(folder))


@pytest.mark.parametrize("at", range(0, 40, 7))
def test_that_was_changed_opens_nothing(folder, at):
    link = mailbox_links.link(letters_key(folder), ADA)
    other = "b" if link[at] != "b" else "c"

    with pytest.raises(OpeningError):
        open_link(link[:at] + other + link[at + 1 :], letters_key(folder))
