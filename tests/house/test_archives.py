"""The generator of archives: what is measured with it must be a newsroom like any other."""

import random
from itertools import chain

import pytest
from wagtail.models import Page

from bench.archive import persian, reuters, wikinews, wire
from bench.archive.dates import NEWEST, moments
from bench.archive.filling import Filling
from bench.archive.library import _drawing
from bench.archive.terms import file_under
from bench.archive.writer import Writer
from tamizdat.desk.actions import articles
from tamizdat.desk.actions.newsroom import lay_out
from tamizdat.desk.actions.pictures import take_in
from tamizdat.desk.models import ArticlePage
from tamizdat.desk.published import articles as published_articles
from tamizdat.desk.published import live_ids

pytestmark = pytest.mark.django_db
COUNT = 60


@pytest.fixture(scope="module")
def wires(not_run_here):
    try:
        wire.folder("reuters21578")
    except wire.MissingWireError as error:
        not_run_here(str(error))
    return {"en": reuters.stories(), "ru": wikinews.stories(), "fa": persian.stories()}


def _written(wires, seed):
    dates = moments(random.Random(seed), COUNT)
    return list(Writer(seed, wires, [1], 100).write(dates))


@pytest.fixture
def archive(newsroom, test_data, wires):
    lay_out(newsroom)
    picture = take_in(_drawing(random.Random(1)), "one.jpg", title="One", credit="Drawn")
    filling = Filling(file_under(1, wires))
    writer = Writer(1, wires, [picture.pk], filling.first_id)
    filling.fill(writer.write(moments(random.Random(1), COUNT)))


def test_a_seed_makes_the_same_archive_again(test_data, wires):
    assert _written(wires, 1) == _written(wires, 1)
    assert _written(wires, 1) != _written(wires, 2)


def test_its_articles_are_as_long_as_real_ones_and_oldest_first(archive):
    ids = chain.from_iterable(live_ids(language) for language in ("en", "ru", "fa"))
    found = published_articles(ids).values()
    assert len(found) == COUNT
    assert all(600 <= article.words <= 800 for article in found)
    dates = list(ArticlePage.objects.order_by("pk").values_list("first_published_at", flat=True))
    assert dates == sorted(dates)
    assert dates[-1] < NEWEST


def test_the_desk_works_on_them_as_on_its_own(archive):
    assert not any(chain.from_iterable(Page.find_problems()))
    article = ArticlePage.objects.filter(locale__language_code="ru").first()
    place = article.place
    article.full_clean()
    article.title = "Corrected"
    articles.publish(article)
    assert published_articles([article.pk])[article.pk].card.headline == "Corrected"
    assert article.place == place
    articles.withdraw(article)
    assert article.pk not in live_ids("ru")
