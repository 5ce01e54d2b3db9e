"""A newsroom with a desk, and export files small enough to read."""

import pytest


@pytest.fixture
def desk(newsroom, db):
    """A newsroom that has been laid out and holds nothing else."""
    from tamizdat.desk.actions.newsroom import lay_out

    lay_out(newsroom)
    return newsroom
