from dataclasses import replace

import pytest

from tamizdat.desk.importing.tests import exports
from tests.laid_out import lay_out


@pytest.fixture
def desk(newsroom, db, settings, tmp_path):
    """A desk that has been laid out in one language, which is quick, and holds nothing else."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.NEWSROOM = replace(newsroom, languages=("en",))
    lay_out(settings.NEWSROOM)
    return settings.NEWSROOM


@pytest.fixture
def desk_of_many(newsroom, db, settings, tmp_path):
    """A desk that has been laid out in all the newsroom's languages."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    lay_out(newsroom)
    return newsroom


@pytest.fixture
def export(tmp_path):
    """Writes an export of these parts and returns its file."""
    return lambda *parts: exports.save(tmp_path, *parts)


@pytest.fixture
def uploads(tmp_path):
    """A folder of old pictures: paint(place) puts one there and returns the folder."""
    from PIL import Image

    folder = tmp_path / "uploads"
    folder.mkdir()

    def paint(place, colour="red"):
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (40, 30), colour).save(file)
        return folder

    return paint
