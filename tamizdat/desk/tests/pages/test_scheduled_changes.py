"""A change that waits for its time takes nothing from readers, however the page came to them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail.models import Page, Revision
from wagtail.test.utils.form_data import inline_formset

from tamizdat.desk import published, writing
from tamizdat.desk.actions.articles import bring_in, bring_in_plain, publish
from tamizdat.desk.models import ArticleIndex, ArticlePage, Byline, FrontPage, PlainPage
from tamizdat.desk.tests.forms.test_forms import approval, publish_from_list, send, typed
from tamizdat.lib import clock

WORDS = "As readers have it"


@pytest.fixture
def arrived(courts, ada):
    """An article as an import brings it: readers have it, and nobody saved a version of it."""

    def arrived(*, published=True):
        article = ArticlePage(
            title=WORDS, section=courts, imported=True, body=[writing.text("<p>x</p>")]
        )
        article.bylines.add(Byline(person=ada, role="by"))
        then = clock.now() - timedelta(days=400)
        bring_in(article, "en", published=then if published else None)
        return ArticlePage.objects.get(pk=article.pk)

    return arrived


def soon():
    return clock.now() + timedelta(days=2)


def by_form(editor, reporter, article):
    row = article.bylines.get()
    rows = inline_formset([{"id": row.pk, "person": row.person_id, "role": "by"}], initial=1)
    said = typed(article.section, title="Mended", slug=article.slug, bylines=rows)
    at = {"go_live_at": f"{soon():%Y-%m-%d %H:%M}", "action-publish": "x"}
    assert send(editor, said | at, article).status_code == 302


def _draft(article):
    article.title, article.go_live_at = "Mended", soon()
    return article.save_revision()


def in_bulk(editor, reporter, article):
    _draft(article)
    publish_from_list(editor, article)


def by_approval(editor, reporter, article):
    _draft(article)
    article.get_workflow().start(article, None)
    editor.post(approval(article, article.current_workflow_task_state), {})


def by_program(editor, reporter, article):
    article.title, article.go_live_at = "Mended", soon()
    publish(article)


def by_a_version_of_old(editor, reporter, article):
    """The version was saved by a program that kept none of what readers have."""
    revision = _draft(article)
    Page.objects.filter(pk=article.pk).update(live_revision=None)
    revision.refresh_from_db()
    revision.publish()


WAYS = [by_form, in_bulk, by_approval, by_program, by_a_version_of_old]


@pytest.mark.parametrize("way", WAYS)
def test_a_scheduled_change_of_an_imported_article(editor, reporter, arrived, way):
    article = arrived()
    before = published.article(article.pk)
    way(editor, reporter, ArticlePage.objects.get(pk=article.pk))

    article = ArticlePage.objects.get(pk=article.pk)
    assert article.live
    assert article.approved_schedule
    assert published.article(article.pk) == before

    held = Revision.objects.get(approved_go_live_at__isnull=False)
    editor.post(reverse("wagtailadmin_pages:revisions_unschedule", args=(article.pk, held.pk)))
    assert published.article(article.pk) == before
    first = article.revisions.order_by("created_at").first()
    assert first.as_object().title == WORDS
    assert article.live_revision.as_object().title == WORDS


def everything_live(desk):
    yield bring_in_plain(PlainPage(title="About us", slug="about-us"), "en", published=clock.now())
    yield FrontPage.objects.get(locale__language_code="en")
    yield ArticleIndex.objects.get(locale__language_code="en")
    yield PlainPage.objects.filter(slug="privacy", locale__language_code="en").get()


def test_a_scheduled_change_of_every_other_kind_of_page(desk):
    for page in everything_live(desk):
        before = page.title
        page.title, page.go_live_at = "Mended", soon()
        page.save_revision().publish()

        kept = type(page).objects.get(pk=page.pk)
        assert (kept.live, kept.title) == (True, before)
        assert kept.live_revision.as_object().title == before


def test_what_was_never_published_comes_at_its_time_alone(editor, reporter, arrived):
    article = arrived(published=False)
    by_form(editor, reporter, article)

    assert not ArticlePage.objects.get(pk=article.pk).live
    assert article.revisions.count() == 2


def test_what_an_import_brings_keeps_its_first_words_in_its_history(arrived):
    article = arrived()
    assert not article.revisions.exists()
    article.title = "Mended"
    publish(article)

    titles = [each.as_object().title for each in article.revisions.order_by("created_at")]
    assert titles == [WORDS, "Mended"]
    article.title = "Mended again"
    publish(article)
    assert article.revisions.count() == 3
