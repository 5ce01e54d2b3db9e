from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Page
from wagtail.search import index

from tamizdat.desk.blocks import Body
from tamizdat.desk.forms import panels
from tamizdat.desk.models.body_field import BodyField
from tamizdat.desk.models.pages import DeskPage
from tamizdat.desk.pages import required_pages
from tamizdat.lib import paths

RESERVED = paths.own_words()


class PlainPage(DeskPage):
    """A page that is no news: about us, contact, corrections policy, privacy."""

    body: Any = BodyField(Body(), blank=True)
    version = models.CharField(
        max_length=20,
        blank=True,
        help_text="For the privacy policy: the version that readers agree to.",
    )
    in_footer = models.BooleanField(default=True, help_text="Link it at the foot of every page.")

    parent_page_types = ["desk.FrontPage"]
    subpage_types: list[str] = []
    edit_handler = panels.plain
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = "plain page"

    def clean(self) -> None:
        super().clean()
        if self.slug in RESERVED:
            sentence = f"“{self.slug}” is taken by the edition itself: please choose another."
            raise ValidationError({"slug": sentence})
        kept = self._kept()
        if kept and kept[1] != self.slug and (why := required_pages.why(*kept)):
            raise ValidationError({"slug": why})

    def why_required(self) -> str:
        kept = self._kept()
        return required_pages.why(*kept) if kept else ""

    def _kept(self) -> tuple[str, str] | None:
        """Return the language and slug at which readers have it; None if they have it not."""
        rows = PlainPage.objects.filter(pk=self.pk, live=True)
        kept: tuple[str, str] | None = rows.values_list("locale__language_code", "slug").first()
        return kept

    def edition_path(self) -> str:
        return paths.plain(self.locale.language_code, self.slug)
