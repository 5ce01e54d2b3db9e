from django.conf import settings
from django.db import models
from wagtail.fields import RichTextField
from wagtail.models import Page

LISTED, MORE = 30, 4


class Newsroom(Page):
    """What all pages share."""

    language = models.CharField(max_length=8)
    direction = models.CharField(max_length=3)

    class Meta:
        abstract = True

    def get_context(self, request, *args, **kwargs):
        front = Front.objects.get(slug=self.language)
        return {
            **super().get_context(request, *args, **kwargs),
            "style": settings.STYLE[self.language],
            "front": front,
            "sections": Section.objects.child_of(front).live(),
        }


class Front(Newsroom):
    def get_context(self, request, *args, **kwargs):
        stories = Story.objects.live().filter(language=self.language).order_by("-published")
        return {**super().get_context(request, *args, **kwargs), "stories": stories[:LISTED]}


class Section(Newsroom):
    def get_context(self, request, *args, **kwargs):
        stories = Story.objects.child_of(self).live().order_by("-published")
        return {**super().get_context(request, *args, **kwargs), "stories": stories[:LISTED]}


class Story(Newsroom):
    kicker = models.CharField(max_length=80, blank=True)
    standfirst = models.TextField(blank=True)
    names = models.CharField(max_length=400, blank=True)
    published = models.DateTimeField(db_index=True)
    picture = models.CharField(max_length=200, blank=True)
    caption = models.CharField(max_length=600, blank=True)
    topics = models.CharField(max_length=400, blank=True)
    body = RichTextField()

    def get_context(self, request, *args, **kwargs):
        others = Story.objects.sibling_of(self, inclusive=False).live()
        before = others.filter(published__lt=self.published).order_by("-published")
        return {**super().get_context(request, *args, **kwargs), "more": before[:MORE]}
