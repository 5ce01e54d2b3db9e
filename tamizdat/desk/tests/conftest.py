import pytest


@pytest.fixture
def desk(db, newsroom, settings, tmp_path):
    """A desk laid out for its first article, with a media folder of its own."""
    from tamizdat.desk.actions.newsroom import lay_out

    settings.MEDIA_ROOT = str(tmp_path / "media")
    lay_out(newsroom)
    return newsroom
