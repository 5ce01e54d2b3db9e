"""Drafts as values, for the desk's own preview and for nobody else."""

from typing import Any

from tamizdat.desk import models
from tamizdat.desk.published import making, places, rows
from tamizdat.desk.published.values import Article, Front, Plain


def value(page: Any) -> Article | Plain | Front:
    """Return the page as it would be published now, made as published pages are made."""
    if isinstance(page, models.PlainPage):
        return making.plain(page, ())
    if isinstance(page, models.FrontPage):
        return places.arranged(page, set(_live_ids()))
    sheet = rows.Sheet(
        row=rows.Row.of(page),
        bylines=[(byline.person_id, byline.role) for byline in page.bylines.all()],
        topics=[topic.pk for topic in page.topics.all()],
        corrections=[(fix.at, fix.text) for fix in page.corrections.all()],
    )
    return making.Maker().articles([sheet])[0]


def _live_ids() -> Any:
    return models.ArticlePage.objects.filter(live=True).values_list("pk", flat=True)
