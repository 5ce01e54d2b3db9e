"""Read more as readers have it, and as it follows what editors publish."""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from tamizdat.press import tasks
from tamizdat.press.models import Change, RelatedArticles, TermPrefix
from tamizdat.press.related import bulk_job, incremental, service
from tamizdat.press.related.similarity import SHOWN
from tamizdat.press.tests.conftest import in_every_language
from tests.newsdesk import START

SAID = {
    "Tram": "Tram drivers drove the first wagon over the river bridge; engineers watched rails.",
    "Court": "Judges of the supreme court walked out over salaries that nobody had paid them.",
    "Boat": "Waves sank four boats in the harbour at night, and fishermen lost all their nets.",
    "Bread": "Bakers sold bread by the ounce, since wheat and flour had become dear in autumn.",
}
LATE = START.replace(year=2027)
forget_counts = import_module("tamizdat.press.migrations.0006_stop_words").forget_counts


def telling(name, number):
    """Return a text on a subject, in which each article says something of its own, too."""
    own = " ".join(f"{number}{chr(97 + n)}{name}" for n in range(26))
    return f"<p>{SAID[name]}</p><p>{own}</p>"


@pytest.fixture
def archive(newsdesk):
    """Twenty articles on four subjects, in turns; nothing is queued."""
    newsdesk.stories = {
        (name, number): newsdesk.article(f"{name} {number}", text=telling(name, number))
        for number in range(5)
        for name in SAID
    }
    newsdesk.publish()
    settle_down()
    return newsdesk


def settle_down():
    """Let the background work until nothing is queued."""
    while RelatedArticles.objects.filter(queued=True).exists():
        tasks.sweep(LATE)


def term_prefixes():
    rows = TermPrefix.objects.order_by("language", "term")
    return [(one.term, one.article_count, bytes(one.postings)) for one in rows]


def read_more(edition, article):
    """Return the headlines under an article, in their order."""
    below = edition.page(article.place).partition("Read more")[2]
    return list(dict.fromkeys(re.findall(r"(?<!What )\b(?:Tram|Court|Boat|Bread|New) \d", below)))


def test_what_is_about_the_same_stands_under_an_article(archive, edition):
    for (name, _), article in archive.stories.items():
        shown = read_more(edition, article)
        assert len(shown) == SHOWN
        assert {headline.split()[0] for headline in shown[:4]} == {name}


def test_five_articles_lead_to_each_other(newsdesk, edition):
    made = [newsdesk.article(f"New {number}") for number in range(5)]
    newsdesk.publish()

    for number, article in enumerate(made):
        assert set(read_more(edition, article)) == {f"New {n}" for n in range(5) if n != number}


def test_a_new_article_comes_to_old_ones_in_the_background(archive, edition):
    old = [article for (name, _), article in archive.stories.items() if name == "Tram"]
    new = archive.article("New 1", text=telling("Tram", 7))

    archive.publish()
    assert read_more(edition, new)[0].startswith("Tram")
    assert not any("New 1" in read_more(edition, article) for article in old)

    settle_down()
    assert any("New 1" in read_more(edition, article) for article in old)


def test_the_background_takes_few_at_a_time(archive, monkeypatch):
    monkeypatch.setattr(service, "PORTION", 5)
    archive.article("New 1", text=telling("Tram", 7))
    archive.publish()
    before = RelatedArticles.objects.filter(queued=True).count()

    service.refresh()

    assert RelatedArticles.objects.filter(queued=True).count() == before - 5


def test_a_withdrawn_article_goes_at_once_and_another_moves_up(archive, edition):
    article = archive.stories["Tram", 0]
    first = read_more(edition, article)[0]
    gone = archive.stories["Tram", int(first[-1])]

    archive.actions.withdraw(gone)
    archive.publish()

    assert first not in read_more(edition, article)
    assert len(read_more(edition, article)) == SHOWN
    assert not RelatedArticles.objects.filter(pk=gone.pk).exists()


def test_another_text_has_other_relatives(archive, edition):
    article = archive.stories["Tram", 4]
    article.body = [("text", telling("Court", 8))]

    archive.actions.publish(article)
    archive.publish()

    assert {headline.split()[0] for headline in read_more(edition, article)[:5]} == {"Court"}


def test_a_story_filed_twice_is_not_under_itself(archive, edition):
    text = "".join(f"<p>Paragraph {n * 7919} of what was filed twice.</p>" for n in range(30))
    one = archive.article("New 1", text=text)
    two = archive.article("New 2", text=text + "<p>It was updated.</p>")
    archive.publish()
    settle_down()

    assert "New 2" not in read_more(edition, one)
    assert "New 1" not in read_more(edition, two)


@in_every_language
def test_a_translation_is_never_under_its_original(archive, edition):
    article = archive.stories["Tram", 0]
    russian = archive.article(
        "Трамвай", "ru", text=telling("Tram", 9), translation_key=article.translation_key
    )
    archive.publish()
    settle_down()

    assert not edition.page(article.place).partition("Read more")[2].count("Трамвай")
    assert russian.pk not in service.ranked_ids([article.pk])[article.pk]
    assert service.ranked_ids([russian.pk]) == {russian.pk: []}


def test_all_printed_anew_is_what_was_there(archive, edition):
    before = edition.output_files()

    archive.publish(full=True)

    assert edition.output_files() == before


def test_what_was_lost_is_made_again(archive, edition):
    before = edition.output_files()
    RelatedArticles.objects.all().delete()

    archive.publish(full=True)
    settle_down()

    assert RelatedArticles.objects.count() == 20
    assert edition.output_files().keys() == before.keys()
    for (name, _), article in archive.stories.items():
        assert {headline.split()[0] for headline in read_more(edition, article)[:4]} == {name}


def test_after_an_update_all_are_related_anew_in_the_background(archive, edition):
    before, counts = edition.output_files(), term_prefixes()
    first, last = (archive.stories["Tram", number].pk for number in (0, 4))
    RelatedArticles.objects.filter(pk=first).update(vector=bytes(3), ranked_ids=str(last))
    forget_counts(apps, SimpleNamespace(connection=connection))

    service.refresh()
    archive.publish()

    assert service.ranked_ids([first]) == {first: [last]}
    assert edition.output_files() == before
    assert term_prefixes() == counts
    assert RelatedArticles.objects.filter(queued=True).count() == len(archive.stories)
    settle_down()
    assert edition.output_files() == before
    assert len(service.ranked_ids([first])[first]) > SHOWN


def test_the_minute_after_an_update_counts_all_words_where_nothing_waits(archive):
    counts = term_prefixes()
    TermPrefix.objects.all().delete()

    tasks.sweep(LATE)

    assert term_prefixes() == counts
    assert not service.to_count_anew()


def test_while_no_word_is_counted_nothing_stands_under_a_draft(archive):
    TermPrefix.objects.all().delete()
    [draft] = bulk_job.count([archive.stories["Tram", 0].pk])

    assert incremental.near("en", draft) == []


def test_a_crash_between_plan_and_print_forgets_no_change(archive):
    article = archive.stories["Tram", 4]
    article.body = [("text", telling("Court", 8))]
    archive.actions.publish(article)
    service.mark_stale(Change.objects.values_list("key", flat=True))
    before = service.ranked_ids([article.pk])

    service.rank_stale([])

    assert service.ranked_ids([article.pk]) != before
    assert not RelatedArticles.objects.filter(stale=True).exists()


def test_only_articles_that_show_other_ids_are_printed(archive):
    RelatedArticles.objects.update(queued=True)

    assert service.refresh() == 0
    assert not Change.objects.exists()
