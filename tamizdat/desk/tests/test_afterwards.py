"""What the CMS wants to know of an article is noted when readers have it, and once."""

import pytest
from django.http import HttpResponse
from wagtail.models import ReferenceIndex

from tamizdat.desk import afterwards
from tamizdat.desk.afterwards import Afterwards
from tamizdat.desk.models import Person
from tamizdat.desk.names import actions


@pytest.fixture
def bea(ada):
    return Person.objects.create(name="Bea Lund", title="Reporter", locale=ada.locale)


def references(person):
    return ReferenceIndex.get_references_to(person).count()


def signed(article, person):
    byline = article.bylines.get()
    byline.person = person
    byline.save()


def test_references_are_noted_when_a_request_has_done_its_work(draft, bea, rf):
    def write(_request):
        signed(draft, bea)
        return HttpResponse(str(references(bea)))

    answer = Afterwards(write)(rf.post("/"))

    assert answer.content == b"0"
    assert references(bea) == 1


def test_a_request_that_fails_leaves_no_article_unnoted(draft, bea, rf):
    def write(_request):
        signed(draft, bea)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        Afterwards(write)(rf.post("/"))

    assert references(bea) == 1


def test_each_is_noted_once_however_often_it_was_saved(draft, rf, monkeypatch):
    noted, note = [], ReferenceIndex.create_or_update_for_object

    def noting(article):
        noted.append(article.pk)
        note(article)

    monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", noting)

    def write(_request):
        for _ in range(3):
            draft.save()
        return HttpResponse()

    Afterwards(write)(rf.post("/"))

    assert noted == [draft.pk]


def test_outside_of_a_request_it_is_noted_at_once(draft, bea):
    signed(draft, bea)

    assert references(bea) == 1


def test_a_withdrawn_name_waits_for_nothing(draft, ada, bridge, rf):
    """Should the process die before its answer, no index holds the name in a credit."""

    def withdraw(_request):
        actions.withdraw(ada, also=["A. Holm"])
        return HttpResponse(str(sorted(afterwards._waiting.get())))

    answer = Afterwards(withdraw)(rf.post("/"))

    bridge.refresh_from_db()
    assert "Holm" not in bridge.credit
    assert answer.content == b"[]"
