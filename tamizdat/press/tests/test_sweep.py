"""The steps of the press's sweep stand alone: one that fails stops no other, and is told."""

import os

import pytest

from tamizdat.lib import clock
from tamizdat.lib.alerts import standing
from tamizdat.press import tasks
from tamizdat.press.build.publication import Publication
from tamizdat.press.models import Change, RelatedArticles
from tamizdat.press.output.tree import Tree
from tamizdat.press.related import service
from tamizdat.press.rerender import background

STEPS = {
    "related-articles": (service, "refresh", "“Read more” stays as it is."),
    "edition": (Publication, "carry_out", "Nothing can be published."),
    "rerender": (background, "go_on", "Old pages do not get their new look."),
}


@pytest.mark.parametrize("key", STEPS)
def test_a_step_that_fails_stops_no_other(newsdesk, own_newsroom, monkeypatch, key):
    newsdesk.publish()
    newsdesk.article("Verdict")
    begun = []
    for name, (place, step, _) in STEPS.items():
        own = getattr(place, step)

        def counted(*arguments, name=name, own=own, **more):
            begun.append(name)
            if name == key and len(begun) <= len(STEPS):
                raise LookupError("a secret")
            return own(*arguments, **more)

        monkeypatch.setattr(place, step, counted)

    tasks.sweep(clock.now())

    assert begun == list(STEPS)
    (alert,) = standing(own_newsroom.data)
    assert alert.key == key
    assert alert.what.startswith(STEPS[key][2])
    assert "LookupError at" in alert.explanation
    assert "every minute" in alert.do
    assert "secret" not in str(alert)

    tasks.sweep(clock.now())
    assert standing(own_newsroom.data) == []
    assert not Change.objects.exists()


def test_an_article_that_cannot_be_related_holds_up_no_other(newsdesk, own_newsroom, monkeypatch):
    bad, good = newsdesk.article("Bad"), newsdesk.article("Good")
    newsdesk.publish()
    RelatedArticles.objects.update(queued=False, ranked_ids="")
    RelatedArticles.objects.filter(pk__in=[bad.pk, good.pk]).update(queued=True)
    anew = service.incremental.anew

    def failing(language, one):
        if one.number == bad.pk:
            raise LookupError("a secret")
        return anew(language, one)

    monkeypatch.setattr(service.incremental, "anew", failing)
    tasks.sweep(clock.now())

    assert list(RelatedArticles.objects.filter(queued=True).values_list("pk", flat=True)) == [
        bad.pk
    ]
    assert [alert.key for alert in standing(own_newsroom.data)] == ["related-articles"]

    monkeypatch.undo()
    tasks.sweep(clock.now())
    assert not RelatedArticles.objects.filter(queued=True).exists()
    assert standing(own_newsroom.data) == []


def test_a_publisher_that_hangs_is_told_of(newsdesk, own_newsroom):
    newsdesk.publish()
    newsdesk.article("Verdict")
    tree = Tree(own_newsroom.edition)
    with tree.locked(wait=False):
        tasks.sweep(clock.now())
        assert standing(own_newsroom.data) == []
        os.utime(own_newsroom.edition / ".lock", (0, 0))  # as if it had been taken long ago
        tasks.sweep(clock.now())
        (alert,) = standing(own_newsroom.data)
        assert "for more than an hour" in alert.what
        assert "fuser -v .lock" in alert.do

    tasks.sweep(clock.now())
    assert standing(own_newsroom.data) == []
    assert not Change.objects.exists()
