"""What an article's body is built from."""

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

LINKS = ["bold", "italic", "link", "superscript", "subscript", "code"]
LISTS = ["ul", "ol"]  # the list block is for flat ones; imported texts hold nested ones


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock()
    caption = blocks.CharBlock(help_text="What readers see, who and where, in one sentence.")
    alt = blocks.CharBlock(
        label="Alt text", help_text="What somebody needs to know who cannot see the picture."
    )

    class Meta:
        icon = "image"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(rows=3)
    attribution = blocks.CharBlock(required=False, help_text="Who said it.")

    class Meta:
        icon = "openquote"


class ListBlock(blocks.StructBlock):
    ordered = blocks.BooleanBlock(required=False, label="Numbered")
    items = blocks.ListBlock(blocks.RichTextBlock(features=LINKS))

    class Meta:
        icon = "list-ul"


class FactsBlock(blocks.StructBlock):
    title = blocks.CharBlock()
    html = blocks.RichTextBlock(features=[*LINKS, *LISTS], label="Text")

    class Meta:
        icon = "clipboard-list"
        label = "Fact box"


class EmbedBlock(blocks.StructBlock):
    address = blocks.URLBlock(help_text="Readers get a link with a still; nothing is loaded.")
    title = blocks.CharBlock()
    provider = blocks.CharBlock(required=False, help_text="Where it plays, e.g. a video service.")
    still = ImageChooserBlock(required=False)
    caption = blocks.CharBlock(required=False)
    alt = blocks.CharBlock(
        required=False, label="Alt text", help_text="Needed where there is a still."
    )

    class Meta:
        icon = "media"
        label = "Video, sound or post elsewhere"


class Body(blocks.StreamBlock):
    text = blocks.RichTextBlock(features=[*LINKS, *LISTS], icon="pilcrow")
    heading = blocks.CharBlock(icon="title")
    picture = PictureBlock()
    quote = QuoteBlock()
    list = ListBlock()
    facts = FactsBlock()
    table = TypedTableBlock([("text", blocks.CharBlock(required=False))], icon="table")
    embed = EmbedBlock()
