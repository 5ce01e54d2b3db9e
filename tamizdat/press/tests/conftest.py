"""A small newsroom of its own for each test, and its edition."""

import json
from pathlib import Path

import pytest

from tamizdat.lib.newsroom import SETTINGS_FILE, load
from tamizdat.press.output.verify import faults
from tests.newsdesk import NewsDesk

in_every_language = pytest.mark.parametrize(
    "languages", [("en", "ru", "uk", "fa")], ids=["in every language"]
)


@pytest.fixture
def languages():
    """Those of the newsroom: one to each side, for half the work is to print first pages.

    A story that needs others is told `in_every_language`.
    """
    return ("en", "fa")


@pytest.fixture
def own_newsroom(newsroom, languages, tmp_path, settings, monkeypatch):
    """A newsroom folder that no other test has seen."""
    said = (newsroom.folder / SETTINGS_FILE).read_text(encoding="utf-8")
    own = said.replace(json.dumps(newsroom.languages), json.dumps(languages))
    (tmp_path / SETTINGS_FILE).write_text(own, encoding="utf-8")
    for name in ("data", "media", "edition", "theme", "keys"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("TAMIZDAT_NEWSROOM", str(tmp_path))
    settings.NEWSROOM = load(tmp_path)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return settings.NEWSROOM


@pytest.fixture
def newsdesk(db, own_newsroom):
    """A desk laid out for its first article."""
    return NewsDesk(own_newsroom)


@pytest.fixture
def edition(own_newsroom):
    """The edition as readers have it."""
    return EditionRead(own_newsroom.edition / "current")


class EditionRead:
    """The edition as files."""

    def __init__(self, root: Path):
        self.root = root

    def page(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def has(self, path):
        return (self.root / path).is_file()

    def files(self):
        """Return every file, path to bytes, after proving it against the manifest."""
        assert faults(self.root) == []
        root = self.root.resolve()
        found = (file for file in root.rglob("*") if file.is_file())
        return {str(file.relative_to(root)): file.read_bytes() for file in found}

    def output_files(self):
        """Return every file but the manifest's own, path to bytes."""
        ours = ("edition/manifest",)
        return {path: raw for path, raw in self.files().items() if not path.startswith(ours)}


def changed(before, after):
    """Return the paths that differ between two readings of an edition."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
