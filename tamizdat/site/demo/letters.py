"""The demonstration's newsletters, their past issues, and its message from the editors."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from tamizdat.desk.models import ArticlePage
from tamizdat.letters.actions import issues, newsletters
from tamizdat.letters.models import Newsletter
from tamizdat.letters.newsletters.drafting import Choice, Draft
from tamizdat.site.demo.terms import said
from tamizdat.support.actions import keep_appeal
from tamizdat.support.models import Appeal

Raw = Mapping[str, Any]


def load_newsletters(about: Raw, languages: Sequence[str], at: datetime) -> None:
    """Offer the newsletters and file their past issues, oldest first."""
    made = {raw["code"]: _newsletter(raw, languages, at) for raw in about["newsletter"]}
    for raw in sorted(about["issue"], key=lambda raw: -raw["days_ago"]):
        newsletter = made[raw["newsletter"]]
        day = _day_of_sending(at, raw["days_ago"], newsletter.weekday)
        issues.file_past(newsletter, raw["language"], day, _draft(raw))


def _newsletter(raw: Raw, languages: Sequence[str], at: datetime) -> Newsletter:
    words = {
        language: newsletters.Words(
            raw["name"][language],
            said(raw, "about", language),
            said(raw, "frequency", language),
        )
        for language in languages
        if language in raw["name"]
    }
    return newsletters.save(raw["code"], raw["weekday"], words, at)


def _draft(raw: Raw) -> Draft:
    slugs = [each["slug"] for each in raw["articles"]]
    found = ArticlePage.objects.filter(locale__language_code=raw["language"], slug__in=slugs)
    ids = dict(found.values_list("slug", "pk"))
    choices = [Choice(ids[each["slug"]], intro=each.get("intro", "")) for each in raw["articles"]]
    return Draft(raw["subject"], raw["greeting"], raw["signoff"], choices)


def _day_of_sending(at: datetime, days_ago: float, weekday: int) -> date:
    """Return the newsletter's first weekday on or after the day so many days ago."""
    day = (at - timedelta(days=days_ago)).date()
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def load_appeal(raw: Raw, languages: Sequence[str]) -> None:
    """Put the editors' words in the place of the default ones, where there are any."""
    for language in languages:
        if language not in raw["heading"]:
            continue
        appeal = Appeal.objects.get(language=language)
        for name in ("strip", "heading", "signed", "safe_heading", "declaration"):
            setattr(appeal, name, said(raw, name, language))
        appeal.message = "\n\n".join(raw["paragraphs"][language])
        appeal.safe_message = "\n\n".join(raw["safe_paragraphs"][language])
        keep_appeal(appeal)
