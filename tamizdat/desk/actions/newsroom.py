"""Lay out a newsroom's desk: its languages, front pages, shelves, first pages and groups."""

from typing import Any

from django.db import transaction
from wagtail.models import Locale, Page, Site

from tamizdat.desk import models
from tamizdat.desk.accounts.actions import groups
from tamizdat.desk.first_pages import FirstPage, first_pages
from tamizdat.lib import clock
from tamizdat.lib.newsroom import Newsroom


@transaction.atomic
def lay_out(newsroom: Newsroom) -> None:
    """Make what a desk needs before its first article. Doing it again changes nothing.

    It is done again at each start: groups get what a newer program lets them do, and a language
    that was added to the settings file gets its pages. What editors changed in the meantime, or
    took away, is left as it is, and so are pages of a language that is no longer published.
    """
    root = Page.objects.get(depth=1)
    standing = set(models.FrontPage.objects.values_list("locale__language_code", flat=True))
    fronts = [_front(root, newsroom, language) for language in newsroom.languages]
    _site(newsroom, fronts[0])
    for front in fronts:
        _child(front, models.ArticleIndex(title="Articles", slug="articles"))
        language = front.locale.language_code
        for page in first_pages(language, newsroom.name) if language not in standing else ():
            _first_page(front, page)
    groups.lay_out(root)


def _front(root: Page, newsroom: Newsroom, language: str) -> Any:
    locale, _ = Locale.objects.get_or_create(language_code=language)
    found = models.FrontPage.objects.filter(locale=locale).first()
    if found is not None:
        return found
    first = models.FrontPage.objects.order_by("path").first()
    front = models.FrontPage(title=newsroom.name, slug=language, locale=locale)
    if first is not None:
        front.translation_key = first.translation_key
    return _put(root, front)


def _site(newsroom: Newsroom, front: models.FrontPage) -> None:
    """Point the CMS at our first front page and take away the one that it brings along."""
    Site.objects.update_or_create(
        is_default_site=True,
        defaults={"hostname": "localhost", "site_name": newsroom.name, "root_page": front},
    )
    for welcome in Page.objects.filter(depth=2, content_type__model="page"):
        welcome.delete()


def _child(front: models.FrontPage, page: Any) -> None:
    """Put a page under a front page, unless one of its kind and slug is there.

    Where another language has it, the two become translations of each other.
    """
    alike = type(page).objects.filter(slug=page.slug)
    if alike.filter(locale=front.locale).exists():
        return
    if twin := alike.first():
        page.translation_key = twin.translation_key
    page.locale = front.locale
    _put(front, page)


def _first_page(front: models.FrontPage, page: FirstPage) -> None:
    body = [{"type": "text", "value": page.html}]
    _child(
        front,
        models.PlainPage(title=page.title, slug=page.slug, version=page.version, body=body),
    )


def _put(parent: Page, page: Any) -> Any:
    page.first_published_at = page.last_published_at = clock.now()
    parent.add_child(instance=page)
    return page
