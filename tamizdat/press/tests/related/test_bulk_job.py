"""Related one by one or all at once, by one process or by another: the same is found."""

import random
import subprocess
import sys
from datetime import timedelta

import pytest

from tamizdat.press.models import RelatedArticles, TermPrefix
from tamizdat.press.related import bulk_job, numpy_corpus, numpy_job, results, service, similarity
from tests.newsdesk import START

WORDS = [
    "tram",
    "bridge",
    "judge",
    "court",
    "storm",
    "harbour",
    "boat",
    "salary",
    "mayor",
    "budget",
    "school",
    "bread",
    "wheat",
    "oil",
]
LANGUAGE = "en"


def write_articles(newsdesk, count, seed=1):
    """Publish so many articles of some forty words, a few of them told twice."""
    chance = random.Random(seed)
    topics = [newsdesk.topic(f"Topic {seed} {n}", slug=f"topic-{seed}-{n}") for n in range(3)]
    made, text = [], ""
    for number in range(count):
        if number % 7:
            text = " ".join(chance.choices(WORDS, k=30) + [f"of{chance.randrange(40)}"] * 2)
        made.append(
            newsdesk.article(
                f"{chance.choice(WORDS)} {seed} {number}",
                text=f"<p>{text}</p>",
                topics=chance.sample(topics, 1),
                published=START + timedelta(days=chance.randrange(900)),
            )
        )
    return made


def rows():
    """Return all that is kept of Read more."""
    listed = RelatedArticles.objects.order_by("pk").values_list(
        "pk", "day", "content_hash", "ranked_ids", "score_threshold"
    )
    return list(listed)


def prefixes():
    listed = TermPrefix.objects.exclude(article_count=0).order_by("language", "term")
    return [(one.term, one.article_count, bytes(one.postings)) for one in listed]


@pytest.mark.parametrize("young", [200, 5])
def test_one_by_one_or_all_at_once_finds_the_same(newsdesk, monkeypatch, young):
    write_articles(newsdesk, 30)
    newsdesk.publish()
    monkeypatch.setattr(similarity, "YOUNG", young)
    monkeypatch.setattr(results, "run_job", numpy_job.main)  # or it would not know who is young
    RelatedArticles.objects.all().delete()
    TermPrefix.objects.all().delete()
    numbers = bulk_job._in_order(LANGUAGE)

    service._rank_few(LANGUAGE, sorted(numbers))
    one_by_one = rows(), prefixes()
    RelatedArticles.objects.all().delete()
    bulk_job.relate_all(LANGUAGE)

    assert len(numbers) == 30
    assert all(ids for _, _, _, ids, _ in one_by_one[0])
    assert (rows(), prefixes()) == one_by_one


def test_a_story_told_too_often_gives_way_to_what_was_published_around_it(newsdesk, monkeypatch):
    told = "<p>The ferry sank off the northern harbour after its engine had failed twice</p>"
    for number in range(16):
        newsdesk.article(f"Ferry sinks {number}", text=told, published=START)
    others = write_articles(newsdesk, 40)
    newsdesk.publish()
    monkeypatch.setattr(similarity, "YOUNG", 5)
    monkeypatch.setattr(results, "run_job", numpy_job.main)
    for module in (similarity, numpy_corpus):
        monkeypatch.setattr(module, "COMPARED", 14)
    RelatedArticles.objects.all().delete()
    TermPrefix.objects.all().delete()
    numbers = bulk_job._in_order(LANGUAGE)

    service._rank_few(LANGUAGE, sorted(numbers))
    one_by_one = rows()
    RelatedArticles.objects.all().delete()
    bulk_job.relate_all(LANGUAGE)

    assert rows() == one_by_one
    different = {str(other.pk) for other in others}
    for number, _, _, ids, _ in one_by_one:
        if str(number) not in different:
            shown = ids.split()[: similarity.SHOWN]
            assert len(shown) == similarity.SHOWN
            assert different.issuperset(shown)


def test_the_order_of_building_does_not_matter(newsdesk):
    write_articles(newsdesk, 20)
    newsdesk.publish()
    numbers = bulk_job._in_order(LANGUAGE)
    found = []
    for order in (sorted(numbers), sorted(numbers, reverse=True)):
        RelatedArticles.objects.all().delete()
        TermPrefix.objects.all().delete()
        service._rank_few(LANGUAGE, order)
        found.append((rows(), prefixes()))

    assert found[0] == found[1]


def test_an_import_into_an_archive_prints_no_old_page_at_once(newsdesk, monkeypatch):
    old = write_articles(newsdesk, 8)
    newsdesk.publish()
    RelatedArticles.objects.update(queued=False)
    before = {number: ids for number, _, _, ids, _ in rows()}
    monkeypatch.setattr(service, "FEW", 3)

    write_articles(newsdesk, 8, seed=2)
    newsdesk.publish()

    kept = RelatedArticles.objects.filter(pk__in=[one.pk for one in old])
    assert dict(kept.values_list("pk", "ranked_ids")) == before
    assert all(kept.values_list("queued", flat=True))
    assert not RelatedArticles.objects.exclude(pk__in=before).filter(queued=True).exists()
    assert RelatedArticles.objects.count() == 16


LIGHT = (
    "server.app",
    "related.service",
    "related.incremental",
    "related.bulk_job",
    "build.publication",
    "tasks",
)


def test_only_the_numpy_job_loads_numpy():
    said = (
        "import sys, os; from tamizdat.site.boot import boot; from pathlib import Path;"
        "boot(Path(os.environ['TAMIZDAT_NEWSROOM'])); from importlib import import_module;"
        f"[import_module('tamizdat.press.' + name) for name in {LIGHT}];"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", said], check=False).returncode == 0
