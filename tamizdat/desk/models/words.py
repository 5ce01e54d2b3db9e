"""What articles are filed under: sections and topics, one row for each language."""

from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index

from tamizdat.desk.forms.page_form import NOT_SEEN
from tamizdat.desk.forms.slugs import LONGEST, slug, unfit
from tamizdat.lib.visible import is_visible

TAKEN = "“{slug}” is the address of “{name}” already. Choose another, or leave it empty."
SLUG_HELP = "The end of its address. Left empty, it is made from the name."


class Filed(TranslatableMixin, index.Indexed, models.Model):
    """A name with an address of its own in one language."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=LONGEST, blank=True, help_text=SLUG_HELP)

    search_fields = [
        index.SearchField("name"),
        index.AutocompleteField("name"),
        index.FilterField("slug"),
        index.FilterField("locale_id"),
    ]

    class Meta(TranslatableMixin.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._fill_slug()
        super().save(*args, **kwargs)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._fill_slug()
        super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a name that no file of the edition can have."""
        super().clean()
        if not is_visible(self.name):
            raise ValidationError({"name": NOT_SEEN})
        if why := unfit(self.slug):
            raise ValidationError({"slug": why})
        if other := self._others().filter(slug=self.slug).first():
            raise ValidationError({"slug": TAKEN.format(slug=self.slug, name=other)})

    def copy_for_translation(self, *args: Any, **kwargs: Any) -> Any:
        """Return a copy in another language, at an address that is free there."""
        translated = super().copy_for_translation(*args, **kwargs)
        translated.slug = translated._free(translated.slug)  # noqa: SLF001  one of our own
        return translated

    def _fill_slug(self) -> None:
        self.slug = self.slug or self._free(slug(self.name, str(self.translation_key)[:8]))

    def _free(self, wanted: str) -> str:
        """Return an address that nothing of its kind has in its language: "name", "name-2"."""
        taken = set(self._others().filter(slug__startswith=wanted[:-5]).values_list("slug"))
        ends = chain([""], (f"-{number}" for number in count(2)))
        names = (wanted[: LONGEST - len(end)] + end for end in ends)
        return next(name for name in names if (name,) not in taken)

    def _others(self) -> models.QuerySet[Any]:
        """Return the other rows of its kind in its language; a form does not ask for that one."""
        language = self.locale_id or self.get_default_locale().pk
        kind = type(self)._default_manager  # noqa: SLF001  Django's documented name
        return kind.filter(locale=language).exclude(pk=self.pk)


class Section(Filed):
    description = models.CharField(max_length=300, blank=True, help_text="One sentence.")
    order = models.PositiveSmallIntegerField(
        default=100, help_text="Its place in the masthead; smaller comes first."
    )

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("description"),
        FieldPanel("order"),
    ]

    class Meta(Filed.Meta):
        ordering = ["order", "name"]
        constraints = [
            models.UniqueConstraint(fields=("locale", "slug"), name="one_section_at_each_address")
        ]


class Topic(Filed):
    description = models.TextField(blank=True, help_text="What it is about, in a paragraph.")

    panels = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]

    class Meta(Filed.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=("locale", "slug"), name="one_topic_at_each_address")
        ]


class Person(Filed):
    """Somebody who stands in a byline. Needs no account; a pseudonym must not hint at one."""

    class Kind(models.TextChoices):
        REPORTER = "reporter", "Reporter"
        PHOTOGRAPHER = "photographer", "Photographer"
        AGENCY = "agency", "Agency"
        PSEUDONYM = "pseudonym", "Pseudonym"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.REPORTER)
    title = models.CharField(max_length=120, blank=True, help_text="As readers see it: Editor.")
    about = models.TextField(blank=True, help_text="A few sentences. Everybody can read them.")

    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("kind"),
        FieldPanel("title"),
        FieldPanel("about"),
    ]

    class Meta(Filed.Meta):
        ordering = ["name"]
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(fields=("locale", "slug"), name="one_person_at_each_address")
        ]
