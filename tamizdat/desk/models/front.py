from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from tamizdat.desk.forms import panels
from tamizdat.desk.forms.page_form import FrontForm
from tamizdat.desk.models.articles import ArticlePage
from tamizdat.desk.models.pages import DeskPage
from tamizdat.desk.models.words import Topic
from tamizdat.desk.pages.permanent_pages import PermanentPage
from tamizdat.lib import paths


class FrontPage(PermanentPage, DeskPage):
    """A language's front page: what editors put in its places. The press fills the rest."""

    lead = models.ForeignKey(
        ArticlePage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    live_line = models.CharField(
        max_length=160, blank=True, help_text="One line above everything, while it lasts."
    )
    live_article = models.ForeignKey(
        ArticlePage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    is_creatable = False  # by hand: each language of the newsroom gets its one
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["desk.ArticleIndex", "desk.PlainPage"]
    base_form_class = FrontForm
    edit_handler = panels.front

    class Meta:
        verbose_name = "front page"

    def edition_path(self) -> str:
        return paths.front(self.locale.language_code)


class FrontSecond(Orderable):
    """An article beside the lead."""

    front = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="seconds")
    article = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.article)


class FrontTopic(Orderable):
    """A topic that editors pin."""

    front = ParentalKey(FrontPage, on_delete=models.CASCADE, related_name="pinned_topics")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return str(self.topic)
