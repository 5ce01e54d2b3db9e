"""A small newsroom of its own for each test, and its edition."""

import shutil
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from tamizdat.lib.newsroom import load
from tamizdat.press.proof import faults

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture
def own_newsroom(newsroom, tmp_path, settings, monkeypatch):
    """A newsroom folder that no other test has seen."""
    shutil.copy(newsroom.folder / "tamizdat.toml", tmp_path)
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


class NewsDesk:
    """What editors do, in few words."""

    def __init__(self, newsroom):
        from tamizdat.desk.actions import articles
        from tamizdat.desk.actions.newsroom import lay_out
        from tamizdat.press.actions import publish

        self.newsroom, self.actions, self.publish = newsroom, articles, publish
        self._made = 0
        self._news = {}
        lay_out(newsroom)

    def section(self, name, language="en", **more):
        return self._filed("Section", name, language, **more)

    def topic(self, name, language="en", **more):
        return self._filed("Topic", name, language, **more)

    def person(self, name, language="en", **more):
        return self._filed("Person", name, language, **more)

    def article(self, title, language="en", **more):
        """Publish an article, each an hour after the one before."""
        from tamizdat.desk import models

        self._made += 1
        published = more.pop("published", START + timedelta(hours=self._made))
        topics, people = more.pop("topics", ()), more.pop("people", ())
        text = more.pop("text", "<p>It happened on the quay.</p>")
        if "section" not in more:
            more["section"] = self.news(language)
        article = models.ArticlePage(
            **{
                "title": title,
                "standfirst": f"What {title} means.",
                "body": [("text", text)],
                **more,
            }
        )
        article.topics.set(topics)
        article.bylines.set([models.Byline(person=person, role="by") for person in people])
        self.actions.bring_in(article, language, published=published)
        return article

    def news(self, language):
        """The section of what is filed under nothing else."""
        if language not in self._news:
            self._news[language] = self.section(f"News {language}", language, slug="news")
        return self._news[language]

    def plain(self, title, language="en", **more):
        from tamizdat.desk import models

        page = models.PlainPage(title=title, body=[("text", "<p>Plain words.</p>")], **more)
        return self.actions.bring_in_plain(page, language, published=START)

    def picture(self, colour="#336699", credit="I. Maran"):
        from PIL import Image

        from tamizdat.desk.actions.pictures import take_in

        raw = BytesIO()
        Image.new("RGB", (900, 600), colour).save(raw, "JPEG")
        picture = take_in(raw.getvalue(), "scene.jpg", title="Scene", credit=credit)
        picture.file.close()
        return picture

    def front(self, language="en"):
        from tamizdat.desk import models

        return models.FrontPage.objects.get(locale__language_code=language)

    def _filed(self, kind, name, language, **more):
        from wagtail.models import Locale

        from tamizdat.desk import models

        locale = Locale.objects.get(language_code=language)
        return getattr(models, kind).objects.create(name=name, locale=locale, **more)


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

    def leaves(self):
        """Return every file but the manifest's own, path to bytes."""
        ours = ("edition/manifest",)
        return {path: raw for path, raw in self.files().items() if not path.startswith(ours)}


def changed(before, after):
    """Return the paths that differ between two readings of an edition."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
