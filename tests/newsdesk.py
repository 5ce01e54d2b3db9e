"""What editors do, in few words, for the tests of every room that needs something published.

It stands outside the package because it uses the desk's own models, which only the desk may.
"""

from datetime import UTC, datetime, timedelta
from io import BytesIO

from tests.laid_out import lay_out
from tests.taken_in import take_in

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


class NewsDesk:
    """What editors do, in few words."""

    def __init__(self, newsroom):
        from tamizdat.desk.actions import articles
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

    def rename(self, number, headline):
        """Give a published article another headline."""
        from tamizdat.desk.models import ArticlePage

        article = ArticlePage.objects.get(pk=number)
        article.title = headline
        self.actions.publish(article)

    def unpublish(self, number):
        """Take an article from readers."""
        from tamizdat.desk.models import ArticlePage

        ArticlePage.objects.get(pk=number).unpublish()

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

        raw = BytesIO()
        Image.new("RGB", (900, 600), colour).save(raw, "JPEG")
        picture = take_in(raw.getvalue(), "scene.jpg", title="Scene", credit=credit)
        picture.file.close()
        return picture

    def withdraw(self, title):
        """Take the article of a title away from readers."""
        from tamizdat.desk import models

        self.actions.withdraw(models.ArticlePage.objects.get(title=title))

    def alter(self, article, **columns):
        """Change an article's row without the desk's rules, as an older version left it."""
        type(article).objects.filter(pk=article.pk).update(**columns)

    def pin(self, article, *pinned):
        from tamizdat.desk import models

        article.pins.set([models.Pin(article=one) for one in pinned])
        self.actions.publish(article)

    def withdraw_name(self, person):
        from tamizdat.desk.names import actions

        return actions.withdraw(person)

    def front(self, language="en"):
        from tamizdat.desk import models

        return models.FrontPage.objects.get(locale__language_code=language)

    def policy(self, language="en"):
        """The privacy policy, which every newsroom has from its founding."""
        from tamizdat.desk import models

        return models.PlainPage.objects.get(locale__language_code=language, slug="privacy")

    def _filed(self, kind, name, language, **more):
        from wagtail.models import Locale

        from tamizdat.desk import models

        locale = Locale.objects.get(language_code=language)
        return getattr(models, kind).objects.create(name=name, locale=locale, **more)
