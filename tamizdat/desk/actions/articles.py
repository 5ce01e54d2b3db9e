"""Write, publish, correct, translate and withdraw articles without the desk's forms."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.models import Locale, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from tamizdat.desk.forms.slugs import slug
from tamizdat.desk.models import ArticleIndex, ArticlePage, Correction, FrontPage, PlainPage


@transaction.atomic
def bring_in(
    article: ArticlePage,
    language: str,
    *,
    published: datetime | None = None,
    updated: datetime | None = None,
) -> ArticlePage:
    """Put an unsaved article on its language's shelf: a draft, or published at `published`.

    A slug that is taken gets a number. Its bylines, corrections and topics may be set before.
    """
    shelf = ArticleIndex.objects.get(locale__language_code=language)
    _add(shelf, article, published=published, updated=updated)
    return article


@transaction.atomic
def bring_in_plain(
    page: PlainPage,
    language: str,
    *,
    published: datetime | None = None,
    updated: datetime | None = None,
) -> PlainPage:
    """Put an unsaved plain page under its language's front page."""
    front = FrontPage.objects.get(locale__language_code=language)
    _add(front, page, published=published, updated=updated)
    return page


@transaction.atomic
def publish(page: Any, by: User | None = None) -> None:
    """Send a page to readers as it stands in memory.

    Raises:
        ValidationError: readers would miss something; it says what.
    """
    page.save_revision(user=by).publish(user=by)
    page.refresh_from_db()


@transaction.atomic
def correct(article: ArticlePage, text: str, *, at: datetime, by: User | None = None) -> None:
    """Add a dated correction and publish it."""
    article.corrections.add(Correction(at=at, text=text))
    publish(article, by)


@transaction.atomic
def translate(article: ArticlePage, language: str) -> ArticlePage:
    """Return a draft in another language that starts as a copy of the article."""
    copy: ArticlePage = article.copy_for_translation(Locale.objects.get(language_code=language))
    return copy


@transaction.atomic
def withdraw(page: Any, by: User | None = None) -> None:
    """Take a page away from readers; it stays a draft."""
    page.unpublish(user=by)
    page.refresh_from_db()


def _add(parent: Any, page: Any, *, published: datetime | None, updated: datetime | None) -> None:
    page.locale = parent.locale
    wanted = page.slug or slug(page.title, str(page.translation_key)[:8])
    page.slug = _free(parent, wanted)
    page.live = published is not None
    page.has_unpublished_changes = not page.live
    page.first_published_at = published
    page.last_published_at = updated or published
    # Else the CMS looks through the whole page again for every byline and topic that it saves.
    with disable_reference_index_auto_update():
        parent.add_child(instance=page)
    ReferenceIndex.create_or_update_for_object(page)
    if not page.live:
        page.save_revision(clean=False)
    else:
        page_published.send(sender=type(page), instance=page, revision=None)


def _free(parent: Any, wanted: str) -> str:
    if not parent.get_children().filter(slug=wanted).exists():
        return wanted
    taken = set(
        parent.get_children().filter(slug__startswith=wanted).values_list("slug", flat=True)
    )
    return next(f"{wanted}-{n}" for n in range(2, len(taken) + 3) if f"{wanted}-{n}" not in taken)
