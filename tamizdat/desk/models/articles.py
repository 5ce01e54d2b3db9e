from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.models import Orderable, Page
from wagtail.search import index

from tamizdat.desk.blocks import Body
from tamizdat.desk.forms import panels
from tamizdat.desk.forms.page_form import ArticleForm
from tamizdat.desk.models.body_field import BodyField
from tamizdat.desk.models.pages import DeskPage
from tamizdat.desk.models.pictures import Picture
from tamizdat.desk.models.words import Person, Section, Topic
from tamizdat.desk.pages import readiness
from tamizdat.desk.pages.permanent_pages import PermanentPage
from tamizdat.lib import clock, paths


class ArticleIndex(PermanentPage, DeskPage):
    """The shelf on which a language's articles stand. Readers never see it."""

    parent_page_types = ["desk.FrontPage"]
    subpage_types = ["desk.ArticlePage"]
    max_count_per_parent = 1
    preview_modes: list[tuple[str, str]] = []

    class Meta:
        verbose_name = "articles"

    def edition_path(self) -> str:
        return paths.front(self.locale.language_code)


class ArticlePage(DeskPage):
    """An article. Its headline is Wagtail's `title`."""

    kicker = models.CharField(
        max_length=80, blank=True, help_text="One or two words above the headline."
    )
    standfirst = models.TextField(
        max_length=600, blank=True, help_text="What happened and why it matters, in two sentences."
    )
    dateline = models.CharField(
        max_length=80, blank=True, help_text="The place it was reported from."
    )
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    topics = ParentalManyToManyField(Topic, blank=True, related_name="+")
    lead_picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lead_caption = models.CharField(
        "caption", max_length=400, blank=True, help_text="What readers see, who and where."
    )
    lead_alt = models.CharField(
        "alt text",
        max_length=400,
        blank=True,
        help_text="What somebody needs to know who cannot see the picture.",
    )
    body: Any = BodyField(Body(), blank=True)
    sensitive = models.BooleanField(
        default=False, help_text="Grief, violence, danger: nothing on this page asks for anything."
    )
    imported = models.BooleanField(default=False, editable=False)
    place = models.CharField(max_length=200, null=True, unique=True, editable=False)

    parent_page_types = ["desk.ArticleIndex"]
    subpage_types: list[str] = []
    base_form_class = ArticleForm
    exclude_fields_in_copy = ["place", "imported"]  # a copy is an article of its own
    edit_handler = panels.article
    search_fields = [
        *Page.search_fields,
        # No body: the desk looks in headlines, and to index a text costs more than to save it.
        index.SearchField("kicker"),
        index.SearchField("standfirst"),
        index.FilterField("section_id"),
        index.FilterField("sensitive"),
    ]

    # What the desk's form was asked to do; None where no form is at work.
    is_going_to_readers: bool | None = None

    class Meta:
        verbose_name = "article"

    def edition_path(self) -> str:
        return self.place or ""

    def clean(self) -> None:
        """Refuse what readers may not get: live articles are checked whole, drafts are not.

        Every way to publish ends in `save`, and `save` cleans what is live. What came from an
        import was published long ago: its gaps are in the import's report and asked for when
        somebody edits it.
        """
        super().clean()
        asked = self.is_going_to_readers
        if asked is None:
            asked = self.live and not self.imported
        if asked:
            readiness.require(self)
            self._place_at(self._when_it_comes_out())
        if self.live:
            self._take_place()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.live and self.first_published_at is None:
            self.first_published_at = clock.now()
        if self.live:
            self._take_place()
        super().save(*args, **kwargs)

    def _take_place(self) -> None:
        """Fix the address at the first publication: what was printed once is never moved."""
        if self.slug and self.first_published_at is not None:
            self.place = self._place_at(self.first_published_at)

    def _when_it_comes_out(self) -> datetime:
        """Return when readers get it, if somebody publishes it now."""
        return self.first_published_at or max(self.go_live_at or clock.now(), clock.now())

    def _place_at(self, moment: datetime) -> str:
        """Return the place of an article that comes out at a moment.

        Raises:
            ValidationError: another article stands there.
        """
        if self.place or not self.slug:
            return self.place or ""
        wanted = self._place_of(self.slug, moment)
        if self._is_taken(wanted):
            raise ValidationError(
                {"slug": f"Another article stands at {wanted} already. Choose another slug."}
            )
        return wanted

    def _place_of(self, slug: str, moment: datetime) -> str:
        return paths.article(self.locale.language_code, moment.astimezone(UTC), slug)

    def _is_taken(self, place: str) -> bool:
        return bool(ArticlePage.objects.filter(place=place).exclude(pk=self.pk).exists())

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        """Make a slug at whose place nobody stands: an article keeps its place under a new slug."""
        if self.locale_id is None:
            self.locale = self.get_default_locale()
        wanted, number = super()._get_autogenerated_slug(base_slug), 2
        while self._is_taken(self._place_of(wanted, self._when_it_comes_out())):
            wanted = super()._get_autogenerated_slug(f"{base_slug}-{number}")
            number += 1
        return str(wanted)

    def with_content_json(self, content: Any) -> Any:
        """Keep what belongs to the article and not to one of its revisions."""
        revised = super().with_content_json(content)
        revised.place = self.place
        revised.imported = self.imported
        if self.first_published_at is not None:
            revised.first_published_at = self.first_published_at
        return revised


class Byline(Orderable):
    """A person's part in an article."""

    class Role(models.TextChoices):
        BY = "by", "By"
        PHOTOGRAPHS = "photographs", "Photographs"
        TRANSLATION = "translation", "Translation"
        ADDITIONAL = "additional", "Additional reporting"

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="bylines")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.BY)

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.person}"


class Correction(models.Model):
    """What was wrong, said openly and dated, under the article for good."""

    article = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="corrections")
    at = models.DateTimeField("date", default=clock.now)
    text = models.TextField(help_text="What it said, and what is right.")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
