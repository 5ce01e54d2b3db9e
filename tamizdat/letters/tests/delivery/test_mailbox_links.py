"""Each letter that answers a form has a link by which nothing more comes."""

import pytest

from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_confirming import put, sealed_twice
from tamizdat.readers.keys import letters_key
from tamizdat.readers.mailboxes import mailbox_links
from tamizdat.readers.submissions import collecting

ADA = "ada@example.org"


@pytest.mark.django_db(databases=["default", "counter"])
@pytest.mark.parametrize("language", ["en", "ru", "uk", "fa"])
def test_stands_in_a_letter_in_both_halves_in_each_language(room, mailbox, language):
    sealed = sealed_twice(room, ADA, language)
    consent = {"version": "1.0", "sha256": "0" * 64}
    put("subscribe", sealed=sealed, newsletters=["friday"], language=language, consent=consent)
    collecting.collect(NOON)
    deliver_due(NOON)

    letter, link = mailbox.only(), mailbox_links.link(letters_key(room.keys), ADA)
    for kind in ("plain", "html"):
        assert f"/{language}/mailbox/{link}" in letter.get_body((kind,)).get_content()
