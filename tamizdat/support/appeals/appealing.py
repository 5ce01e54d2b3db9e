"""What the ask shows, wherever it stands: on a page of the edition or at the counter."""

from typing import Any

from tamizdat.lib.newsroom import Newsroom
from tamizdat.support.appeals.wording import Wording, country_names, filled
from tamizdat.support.providers import chosen


def context(newsroom: Newsroom, language: str, wording: Wording) -> dict[str, Any]:
    """Return what `parts/appeal.html` needs, but for the policy and the link to read first."""
    support = newsroom.support
    counter = f"{newsroom.addresses.counter}/{language}"
    countries = country_names(support.refused_countries, language)
    said = filled(wording, newsroom.in_language(language).name, countries)
    return {
        "heading": said.heading,
        "paragraphs": said.paragraphs,
        "signed": said.signed,
        "safe_heading": said.safe_heading,
        "safe_paragraphs": said.safe_paragraphs,
        "action": f"{counter}/give",
        "currency": support.currency,
        "amounts": {"once": support.once, "month": support.month, "year": support.year},
        "methods": chosen.methods(newsroom),
        "reminder_action": f"{counter}/remind",
        "calendar_href": f"{counter}/remind.ics",
    }
