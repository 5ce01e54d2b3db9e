"""What readers have, had or are about to get, or a colleague wrote, is an editor's to delete."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from tamizdat.desk.actions.articles import publish, withdraw
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.desk.tests.pages.test_approving import deciding
from tamizdat.desk.tests.pages.test_two_editors import at, opened
from tamizdat.lib import clock

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])
WHERE = ["/desk/bulk/wagtailcore/page/delete/?id={}", "/desk/pages/{}/delete/"]


@pytest.fixture
def own(reporter, courts):
    """A reporter's own draft."""
    send(reporter, typed(courts))
    return newest()


def published(article, _editor):
    publish(article)


def taken_from_readers(article, _editor):
    publish(article)
    withdraw(ArticlePage.objects.get(pk=article.pk))


def approved_for_its_time(article, _editor):
    article.go_live_at = clock.now() + timedelta(days=1)
    publish(article)


def sent_to_the_desk(article, _editor):
    article.get_workflow().start(article, User.objects.get(email="ines@example.org"))


def an_editor_wrote_in_it(article, editor):
    editor.post(at(article), opened(editor, article) | {"kicker": "The editor's"})


def an_editor_wrote_in_it_whose_account_is_gone(article, editor):
    an_editor_wrote_in_it(article, editor)
    User.objects.get(email="nora@example.org").delete()


def sent_back(article, editor):
    sent_to_the_desk(article, editor)
    there = deciding(ArticlePage.objects.get(pk=article.pk), "reject")
    editor.post(there, {"comment": "Who says so?"})


def sent_back_and_then_taken_back(article, editor):
    sent_back(article, editor)
    article.current_workflow_state.cancel()


USES = [
    published,
    taken_from_readers,
    approved_for_its_time,
    sent_to_the_desk,
    an_editor_wrote_in_it,
    sent_back,
    sent_back_and_then_taken_back,
    an_editor_wrote_in_it_whose_account_is_gone,  # the last: that editor does nothing any more
]


@pytest.mark.parametrize("where", WHERE, ids=["together", "alone"])
@pytest.mark.parametrize("use", USES)
def test_a_reporter_does_not_delete_it_and_is_told_why(reporter, editor, own, use, where):
    use(own, editor)

    page = reporter.post(where.format(own.pk), {}, follow=True)

    assert ArticlePage.objects.filter(pk=own.pk).exists()
    assert "only an editor deletes or moves it" in page.content.decode()


@pytest.mark.parametrize("use", USES)
def test_a_reporter_does_not_move_it(reporter, editor, own, use):
    use(own, editor)
    there = ArticleIndex.objects.get(locale__language_code="ru")

    reporter.post(f"/desk/pages/{own.pk}/move/{there.pk}/confirm/", {})

    assert ArticlePage.objects.get(pk=own.pk).get_parent().pk == own.get_parent().pk


@pytest.mark.parametrize("where", WHERE, ids=["together", "alone"])
def test_until_then_it_is_the_reporter_s_own(reporter, own, where):
    reporter.post(where.format(own.pk), {})

    assert not ArticlePage.objects.filter(pk=own.pk).exists()


@pytest.mark.parametrize("where", WHERE, ids=["together", "alone"])
@pytest.mark.parametrize("use", USES[1:-1])
def test_an_editor_deletes_it(editor, own, use, where):
    use(own, editor)

    editor.post(where.format(own.pk), {})

    assert not ArticlePage.objects.filter(pk=own.pk).exists()
