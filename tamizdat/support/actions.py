"""The only writers of what the desk holds of support; each is one transaction."""

from django.db import transaction

from tamizdat.lib.newsroom import Newsroom
from tamizdat.press import parts
from tamizdat.support import call_keys
from tamizdat.support.appeals import published
from tamizdat.support.appeals.wording import default
from tamizdat.support.models import Appeal

NAME = "support"


@transaction.atomic
def lay_out_support(newsroom: Newsroom) -> None:
    """Make what support needs in a new newsroom. Doing it again changes nothing that stands."""
    call_keys.make(newsroom.keys)
    for language in newsroom.languages:
        words = default(language)
        Appeal.objects.get_or_create(
            language=language,
            defaults={
                "strip": words.strip,
                "heading": words.heading,
                "message": "\n\n".join(words.paragraphs),
                "signed": words.signed,
                "safe_heading": words.safe_heading,
                "safe_message": "\n\n".join(words.safe_paragraphs),
                "declaration": words.declaration,
            },
        )
    tell_counter()


@transaction.atomic
def keep_appeal(appeal: Appeal) -> None:
    """Keep an editor's words, and have them printed on every page that shows them."""
    appeal.save()
    parts.announce(NAME)
    transaction.on_commit(tell_counter)


def tell_counter() -> None:
    """Publish the wordings to the counter."""
    published.write({each.language: each.wording for each in Appeal.objects.all()})
