"""What is related to an article by what it says: the rule itself."""

import pytest

from tamizdat.lib.newsroom import LANGUAGES
from tamizdat.press.related.exchange import counted
from tamizdat.press.related.features import KEPT, Vector, profile, same_story, weigh
from tamizdat.press.related.similarity import Candidate, nearest, nearness
from tamizdat.press.related.words import stop_words

DAY = 740_000
FILLER = "the council met in the town hall and the mayor spoke of the budget for the year"
TEXTS = {
    1: ("The tram returns", "Tram drivers drove the first tram over the river bridge."),
    2: ("Bridge closed to trams", "Engineers closed the river bridge; tram lines stop."),
    3: ("Judges walk out", "Judges of the supreme court walked out over salaries."),
    4: ("Court hears the judges", "The court heard why judges want salaries paid."),
    5: ("Storm over the harbour", "Waves sank four boats in the harbour at night."),
    6: ("Boats lost at night", "The harbour lost boats when waves came in."),
}


def family(texts, lists=None, days=None, language="en"):
    lists, days = lists or {}, days or {}
    every = [
        counted(number, days.get(number, DAY + number), language, said, lists.get(number, ()))
        for number, said in texts.items()
    ]
    article_counts = {}
    for one in every:
        for term in one.profile.counts:
            article_counts[term] = article_counts.get(term, 0) + 1
    return {
        one.number: Candidate(one.number, one.day, weigh(one.profile, article_counts, one.facets))
        for one in every
    }


def under(every, article):
    """Return what stands under an article, best first."""
    return nearest(every[article], every.values()).numbers


@pytest.mark.parametrize(("article", "first"), [(1, 2), (3, 4), (6, 5)])
def test_what_tells_of_the_same_comes_first(article, first):
    assert under(family(TEXTS), article)[0] == first


def test_words_are_alike_in_any_of_their_forms_and_any_script():
    every = family(
        {
            1: ("Суды", "Судьи бастуют. Зарплаты не платят."),
            2: ("Порт", "Шторм потопил лодки в порту."),
            3: ("Бастующие судьи", "Зарплату судьям обещали."),
            4: ("دادگاه", "قاضي‌ها در دادگاه."),
            5: ("قاضی", "قاضی‌ها به دادگاه نرفتند."),
        }
    )

    assert under(every, 1)[0] == 3
    assert under(every, 4)[0] == 5


def test_an_article_is_never_under_itself():
    assert 1 not in under(family(TEXTS), 1)


def test_a_story_told_twice_is_offered_once():
    under_the_tram = under(family({**TEXTS, 7: TEXTS[2], 8: TEXTS[1]}), 1)

    assert 8 not in under_the_tram
    assert len({2, 7} & set(under_the_tram)) == 1


def test_a_text_that_was_cut_or_added_to_is_the_same_story():
    words = " ".join(f"{n * 7919} {n}of" for n in range(200))
    sketch = profile("", words, "en").sketch

    assert same_story(sketch, profile("", f"An update. {words}", "en").sketch)
    assert same_story(sketch, profile("", words[: len(words) * 4 // 5], "en").sketch)
    assert not same_story(sketch, profile("", words[: len(words) // 4], "en").sketch)


@pytest.mark.parametrize("list_", ["topic:en:1", "person:en:1", "section:en:1"])
def test_a_shared_list_decides_between_two_that_say_as_much(list_):
    texts = {**TEXTS, 7: ("Bridge", "One tram of late."), 8: ("Bridge", "Of late, one tram.")}
    same_day = dict.fromkeys(texts, DAY)

    for better, worse in ((7, 8), (8, 7)):
        found = under(family(texts, {1: [list_], better: [list_]}, same_day), 1)
        assert found.index(better) < found.index(worse)


def test_of_equals_the_fresh_comes_before_the_stale():
    texts = {**TEXTS, 7: ("Salaries", "Judges, of late."), 8: ("Salaries", "Of late, judges.")}

    for fresh, stale in ((7, 8), (8, 7)):
        found = under(family(texts, days={3: DAY, fresh: DAY - 10, stale: DAY - 900}), 3)
        assert found.index(fresh) < found.index(stale)


def test_what_came_after_an_article_is_fresh_to_its_readers():
    texts = {1: TEXTS[1], 2: TEXTS[2], 3: TEXTS[2]}
    every = family(texts, days={1: DAY, 2: DAY - 400, 3: DAY + 4000})

    assert nearness(every[1], every[3]) > nearness(every[1], every[2])


def test_the_same_archive_gives_the_same_ranked_ids():
    one, other = family(TEXTS), family(dict(reversed(TEXTS.items())))

    assert [under(one, article) for article in TEXTS] == [under(other, each) for each in TEXTS]


def test_a_vector_is_small_and_survives_being_packed():
    long = " ".join(f"{n % 90}x{n % 7}" for n in range(2000))
    texts = [long, long, *[FILLER] * 6]
    lists = [f"topic:en:{n}" for n in range(99)]
    every = family({n: ("", text) for n, text in enumerate(texts)}, {0: lists})

    packed = every[0].vector.packed()

    assert len(every[0].vector.weights) == KEPT
    assert len(packed) <= 367
    assert Vector.unpacked(packed) == every[0].vector


@pytest.mark.parametrize(
    ("language", "tram", "silent"),
    [
        ("en", "tram", "because they were after which their Other has been"),
        ("ru", "трамвай", "потому что они были после которые ИХ другой ещё"),
        ("uk", "трамвай", "тому що вони були після яких ЇХ інший ще"),
        ("fa", "تراموا", "برای اینکه آن‌ها كه پس از دیگر هم است"),
    ],
)
def test_stop_words_say_nothing_however_few_articles_there_are(language, tram, silent):
    every = family(
        {1: (tram, silent), 2: ("", f"{tram} 2"), 3: ("", silent), 4: ("", f"4 {silent}")},
        days=dict.fromkeys((1, 2, 3, 4), DAY),
        language=language,
    )

    assert under(every, 1)[0] == 2
    assert every[3].vector.weights == every[4].vector.weights == {}


def test_a_story_told_again_in_other_stop_words_is_not_the_same_text():
    told = "Waves sank boats; {0} fishermen lost nets {0} engines {0} rails {0} rope"
    here, there = (
        profile("", told.format(said), "en").sketch for said in ("and then the", "but not their")
    )

    assert not same_story(here, there)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_stop_words(language):
    assert len(stop_words(language)) > 200


def test_the_pieces_of_a_stop_word_are_none():
    assert {"don", "won", "shan"}.isdisjoint(stop_words("en"))
    assert {"дев", "пять"}.isdisjoint(stop_words("uk"))


def test_a_language_without_a_list_has_no_stop_words():
    assert stop_words("eo") == frozenset()


def test_what_stands_in_nearly_every_article_says_nothing():
    every = family({n: ("", f"{FILLER} {n}") for n in range(30)})

    assert every[0].vector.weights == {}


def test_in_a_young_newsroom_what_half_of_the_articles_are_about_still_tells():
    texts = {n: ("", f"Tram stops. {n}" if n < 8 else f"Storm waves. {n}") for n in range(16)}
    every = family(texts, days=dict.fromkeys(texts, DAY))

    for article in texts:
        assert {other < 8 for other in under(every, article)[:7]} == {article < 8}


def test_an_empty_text_is_related_to_nothing_and_no_error():
    every = family({**TEXTS, 9: ("", "")})

    assert every[9].vector.weights == {}
    assert not same_story(every[9].vector.sketch, every[9].vector.sketch)
