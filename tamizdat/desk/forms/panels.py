"""How the desk's forms are laid out, in a newsroom's words."""

from typing import Any

from django.forms import CheckboxSelectMultiple, Select
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
)
from wagtail.admin.panels.base import get_form_for_model

from tamizdat.desk.forms.page_form import RowForm


class HoldPanel(PublishingPanel):
    """Wagtail's scheduling, in a newsroom's words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        hold, take_down = self.children
        hold.heading = "Hold until"
        hold.help_text = "Published by itself at this time."
        take_down.heading = "Take down at"
        take_down.help_text = "Unpublished by itself at this time."


class RowsPanel(InlinePanel):
    """Wagtail's rows, of which one that names nothing yet does not stop a draft."""

    def get_form_options(self) -> Any:
        options = super().get_form_options()
        rows = options["formsets"][self.relation_name]
        rows["form"] = get_form_for_model(self.db_field.related_model, form_class=RowForm)
        return options


article = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("kicker"),
                FieldPanel("title", heading="Headline", help_text="What happened, in one line."),
                FieldPanel("standfirst"),
                MultiFieldPanel(
                    [
                        FieldPanel("lead_picture", heading="Picture"),
                        FieldPanel("lead_caption"),
                        FieldPanel("lead_alt"),
                    ],
                    heading="Lead photo",
                ),
                RowsPanel("bylines", heading="Bylines", label="Byline"),
                FieldPanel("dateline"),
                FieldPanel("body"),
            ],
            heading="Article",
        ),
        ObjectList(
            [
                FieldPanel("section", widget=Select),
                FieldPanel("topics", widget=CheckboxSelectMultiple),
                RowsPanel("pins", heading="Read more first", label="Article", max_num=3),
                FieldPanel("sensitive"),
                FieldPanel("slug", help_text="The end of its address; fixed once published."),
                HoldPanel(),
            ],
            heading="Filing",
        ),
        ObjectList(
            [InlinePanel("corrections", heading="Corrections", label="Correction")],
            heading="Corrections",
        ),
    ]
)

plain = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("title", help_text="As readers see it."),
                FieldPanel("body"),
                FieldPanel("version"),
                FieldPanel("in_footer"),
                FieldPanel("slug"),
            ],
            heading="Page",
        ),
    ]
)

front = TabbedInterface(
    [
        ObjectList(
            [
                MultiFieldPanel(
                    [FieldPanel("live_line"), PageChooserPanel("live_article")],
                    heading="Live strip",
                ),
                PageChooserPanel(
                    "lead", help_text="Left empty, the latest article with a photo leads."
                ),
                RowsPanel("seconds", heading="Beside the lead", label="Article", max_num=3),
                RowsPanel("pinned_topics", heading="Pinned topics", label="Topic", max_num=6),
            ],
            heading="Front page",
        ),
    ]
)
