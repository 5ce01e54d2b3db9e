"""Front pages and shelves stand for good: to take one away is offered to nobody."""

import pytest
from wagtail.models import Page

from tamizdat.desk.models import ArticleIndex, FrontPage
from tamizdat.desk.tests.conftest import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
WAYS = ("delete", "unpublish")


@pytest.fixture(params=["editor", "admin"])
def browser(desk, demonstration, request):
    return signed_in("Eva Lind", request.param)


@pytest.fixture(params=[FrontPage, ArticleIndex])
def page(desk, request):
    return request.param.objects.get(locale__language_code="en")


def bulk(way, page):
    return f"/desk/bulk/wagtailcore/page/{way}/?id={page.pk}&next=/desk/"


@pytest.mark.parametrize("way", WAYS)
def test_it_is_taken_away_by_nobody(browser, page, way):
    browser.post(f"/desk/pages/{page.pk}/{way}/")
    browser.post(bulk(way, page))
    browser.post(bulk(way, page), {"include_descendants": "on"})

    assert Page.objects.filter(pk=page.pk, live=True).exists()


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_offered_to(browser, page, way):
    shown = browser.get(f"/desk/pages/{page.pk}/edit/").content.decode()

    assert f"/desk/pages/{page.pk}/{way}/" not in shown


def test_its_words_are_changed_as_any(browser, page):
    assert browser.get(f"/desk/pages/{page.pk}/edit/").status_code == 200
