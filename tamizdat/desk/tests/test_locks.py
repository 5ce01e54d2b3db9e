"""What a colleague has locked is neither published nor deleted by another, in whichever way."""

import pytest
from django.contrib.auth.models import User

from tamizdat.desk.actions.articles import publish
from tamizdat.desk.actions.staff import create_user
from tamizdat.desk.models import ArticleIndex, ArticlePage
from tamizdat.desk.tests.conftest import signed_in

PUBLISH = "/desk/bulk/wagtailcore/page/publish/?id={}"
DELETE = "/desk/bulk/wagtailcore/page/delete/?id={}"


@pytest.fixture
def locked(editor, draft):
    """An article that readers have, with an unready headline, which somebody else locked."""
    publish(draft)
    draft.title = "Not ready"
    draft.save_revision()
    vera = create_user("vera@example.org", "Vera Lind", "a long and quiet password", "editor")
    ArticlePage.objects.filter(pk=draft.pk).update(locked=True, locked_by=vera)
    return draft


def live_title(article):
    return ArticlePage.objects.get(pk=article.pk).title


def test_it_is_not_published_with_others(editor, locked):
    answer = editor.post(PUBLISH.format(locked.pk), {"next": "/desk/"}, follow=True)

    assert "is locked, or held for its time" in answer.content.decode()
    assert live_title(locked) == "The court let four go"


def test_it_is_not_published_with_what_stands_above_it(editor, locked):
    shelf = ArticleIndex.objects.get(locale__language_code="en")

    editor.post(PUBLISH.format(shelf.pk), {"include_descendants": "on"})

    assert live_title(locked) == "The court let four go"


@pytest.mark.parametrize("where", [DELETE, "/desk/pages/{}/delete/"])
def test_it_is_not_deleted(desk, locked, where):
    admin = signed_in("Ada Holm", "admin")

    admin.post(where.format(locked.pk))

    assert ArticlePage.objects.filter(pk=locked.pk).exists()


def test_one_s_own_lock_stops_nobody_else_and_not_oneself(desk, locked):
    admin = signed_in("Ada Holm", "admin")
    ada = User.objects.get(email="ada@example.org")
    ArticlePage.objects.update(locked_by=ada)

    admin.post(DELETE.format(locked.pk))

    assert not ArticlePage.objects.filter(pk=locked.pk).exists()


def test_what_nobody_locked_is_published_and_deleted(editor, locked):
    ArticlePage.objects.update(locked=False)

    editor.post(PUBLISH.format(locked.pk))
    assert live_title(locked) == "Not ready"

    editor.post(DELETE.format(locked.pk))
    assert not ArticlePage.objects.filter(pk=locked.pk).exists()
