import pytest


@pytest.fixture
def shop(tmp_path, newsroom, db):
    from tamizdat.support.till.tests.shop import open_shop

    return open_shop(tmp_path, newsroom)
