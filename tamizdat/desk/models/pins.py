from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from tamizdat.desk.models.articles import ArticlePage


class Pin(Orderable):
    """An article that editors put first under another one, in "Read more"."""

    under = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="pins")
    article = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="+")

    class Meta(Orderable.Meta):
        verbose_name = "read more"

    def __str__(self) -> str:
        return str(self.article)
