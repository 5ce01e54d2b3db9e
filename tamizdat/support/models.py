"""What the desk holds of support: the newsroom's words. Wishes wait as sealed records."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import PreviewableMixin

from tamizdat.lib.newsroom import LANGUAGES
from tamizdat.support.appeals.wording import Wording


class Appeal(PreviewableMixin, models.Model):
    """What one language's readers are told about money. {name} stands for the newsroom's name."""

    language = models.CharField(max_length=12, unique=True, editable=False)
    strip = models.CharField(
        "line at the top", max_length=120, help_text="One short sentence above every page."
    )
    heading = models.CharField(max_length=120)
    message = models.TextField(help_text="An empty line ends a paragraph.")
    signed = models.CharField(max_length=120, blank=True)
    safe_heading = models.CharField("heading", max_length=120)
    safe_message = models.TextField(
        "message",
        help_text="For who should not give. Never ask them to share, to post, or to give "
        "through somebody: in some places that is punished, too.",
    )
    declaration = models.TextField(
        help_text="What a reader declares before paying. {countries} stands for the countries "
        "whose cards are refused."
    )

    panels = [
        FieldPanel("strip"),
        MultiFieldPanel(
            [FieldPanel("heading"), FieldPanel("message"), FieldPanel("signed")],
            heading="The message from the editors",
        ),
        MultiFieldPanel(
            [FieldPanel("safe_heading"), FieldPanel("safe_message")],
            heading="Where giving is not safe",
        ),
        FieldPanel("declaration"),
    ]
    preview_modes = [("ask", "The message"), ("never", "Where giving is not safe")]

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"The ask in {LANGUAGES.get(self.language, self.language)}"

    @property
    def wording(self) -> Wording:
        return Wording(
            strip=self.strip,
            heading=self.heading,
            paragraphs=_paragraphs(self.message),
            signed=self.signed,
            safe_heading=self.safe_heading,
            safe_paragraphs=_paragraphs(self.safe_message),
            declaration=self.declaration,
        )

    def serve_preview(self, _request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show the very box that readers will get. It can be looked at, not sent."""
        from tamizdat.lib.theme import theme
        from tamizdat.support.appeals import appealing

        context = appealing.context(settings.NEWSROOM, self.language, self.wording)
        html = theme().render(
            "support/preview.html",
            self.language,
            ask_policy=mode_name,
            read_first_href="",
            **context,
        )
        return HttpResponse(html)


def _paragraphs(text: str) -> tuple[str, ...]:
    parts = text.replace("\r\n", "\n").split("\n\n")
    return tuple(" ".join(part.split()) for part in parts if part.strip())
