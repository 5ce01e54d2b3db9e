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
def offered(keyed_newsroom):
    """The counter offers one newsletter in each language."""
    from tamizdat.readers.counter.published import NAME, Published, write
    from tamizdat.readers.tests.room import OFFER

    write(keyed_newsroom.data, Published(dict.fromkeys(keyed_newsroom.languages, OFFER)))
    yield OFFER
    (keyed_newsroom.data / NAME).unlink()
