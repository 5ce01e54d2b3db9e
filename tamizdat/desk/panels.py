"""How the desk's forms are laid out, in a newsroom's words."""

from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    PublishingPanel,
    TabbedInterface,
)

article = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("kicker"),
                FieldPanel("title", heading="Headline"),
                FieldPanel("standfirst"),
                MultiFieldPanel(
                    [
                        FieldPanel("lead_picture", heading="Picture"),
                        FieldPanel("lead_caption"),
                        FieldPanel("lead_alt"),
                    ],
                    heading="Lead photo",
                ),
                InlinePanel("bylines", heading="Bylines", label="Byline"),
                FieldPanel("dateline"),
                FieldPanel("body"),
            ],
            heading="Article",
        ),
        ObjectList(
            [
                FieldPanel("section"),
                FieldPanel("topics"),
                FieldPanel("sensitive"),
                FieldPanel("slug", help_text="The end of its address; fixed once published."),
            ],
            heading="Filing",
        ),
        ObjectList(
            [InlinePanel("corrections", heading="Corrections", label="Correction")],
            heading="Corrections",
        ),
        ObjectList([PublishingPanel()], heading="Hold until"),
    ]
)

plain = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("title"),
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
                InlinePanel("seconds", heading="Beside the lead", label="Article", max_num=3),
                InlinePanel("pinned_topics", heading="Pinned topics", label="Topic", max_num=6),
            ],
            heading="Front page",
        ),
    ]
)
