from datetime import UTC, datetime

import pytest

from tamizdat.readers import keys


@pytest.fixture(scope="session")
def keyed_newsroom():
    """The newsroom of the test run, with keys; their passphrase is "open sesame"."""
    from django.conf import settings

    if not (settings.NEWSROOM.keys / "reader.public").exists():
        keys.make(settings.NEWSROOM.keys, "open sesame")
    return settings.NEWSROOM


@pytest.fixture
def offered(keyed_newsroom, db):
    """The counter offers one newsletter in each language."""
    from dataclasses import asdict

    from tamizdat.readers import publishing
    from tamizdat.readers.counter.published import Offers, write
    from tamizdat.readers.tests.room import OFFER

    write("letters", asdict(Offers(dict.fromkeys(keyed_newsroom.languages, OFFER))))
    publishing.change_keys(keyed_newsroom, datetime.now(UTC))
    return OFFER
