"""What is related to an article by what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from tamizdat.press.kin import Kin, Kinsman
from tamizdat.press.terms import KEPT, Spread, Vector, profile, vector

DAY = datetime(2026, 3, 1, tzinfo=UTC)
FILLER = "the council met in the town hall and the mayor spoke of the budget for the year"
TEXTS = {
    1: ("The tram returns", "Tram drivers drove the first tram over the river bridge."),
    2: ("Bridge closed to trams", "Engineers closed the river bridge; tram lines stop."),
    3: ("Judges walk out", "Judges of the supreme court walked out over salaries."),
    4: ("Court hears the judges", "The court heard why judges want salaries paid."),
    5: ("Storm over the harbour", "Waves sank four boats in the harbour at night."),
    6: ("Boats lost at night", "The harbour lost boats when waves came in."),
}


def vectors(texts):
    spread = Spread()
    profiles = {number: profile(*text) for number, text in texts.items()}
    for one in profiles.values():
        spread.learn(one)
    return {number: vector(one, spread) for number, one in profiles.items()}


def family(texts, marks=None, days=None):
    every = [
        Kinsman(
            number,
            DAY + timedelta(days=(days or {}).get(number, number)),
            of,
            frozenset((marks or {}).get(number, ())),
        )
        for number, of in vectors(texts).items()
    ]
    kin = Kin()
    for one in every:
        kin.add(one)
    return kin, {one.number: one for one in every}


@pytest.mark.parametrize(("article", "nearest"), [(1, 2), (3, 4), (6, 5)])
def test_what_tells_of_the_same_comes_first(article, nearest):
    kin, every = family(TEXTS)

    assert kin.nearest(every[article], 1) == [nearest]


def test_words_are_alike_in_any_of_their_forms_and_any_script():
    kin, every = family(
        {
            1: ("Суды", "Судьи бастуют. Зарплаты не платят."),
            2: ("Порт", "Шторм потопил лодки в порту."),
            3: ("Бастующие судьи", "Зарплату судьям обещали."),
            4: ("دادگاه", "قاضي‌ها در دادگاه."),
            5: ("قاضی", "قاضی‌ها به دادگاه نرفتند."),
        }
    )

    assert kin.nearest(every[1], 1) == [3]
    assert kin.nearest(every[4], 1) == [5]


def test_an_article_is_never_under_itself_nor_its_translation():
    kin, every = family(TEXTS)

    found = kin.nearest(every[1], 6, but=[2])

    assert not {1, 2} & set(found)


def test_a_story_told_twice_is_offered_once():
    kin, every = family({**TEXTS, 7: TEXTS[2], 8: TEXTS[1]})

    under_the_tram = kin.nearest(every[1], 6)
    assert 8 not in under_the_tram
    assert len({2, 7} & set(under_the_tram)) == 1


def test_a_shared_topic_decides_between_two_that_say_as_much():
    texts = {**TEXTS, 7: ("Bridge", "One tram of late."), 8: ("Bridge", "Of late, one tram.")}
    kin, every = family(texts, {7: ["topic:en:1"]}, dict.fromkeys(range(9), 1))
    other, _ = family(texts, {8: ["topic:en:1"]}, dict.fromkeys(range(9), 1))
    tram = Kinsman(1, DAY, every[1].vector, frozenset(["topic:en:1"]))

    def better(found):
        return min((7, 8), key=found.index)

    assert better(kin.nearest(tram, 8)) == 7
    assert better(other.nearest(tram, 8)) == 8


def test_of_two_that_say_as_much_the_nearer_in_time_comes_first():
    texts = {**TEXTS, 7: ("Salaries", "Judges, of late."), 8: ("Salaries", "Of late, judges.")}
    kin, every = family(texts, days={3: 1000, 7: 10, 8: 990})
    young, _ = family(texts, days={3: 1000, 7: 990, 8: 10})

    found, other = kin.nearest(every[3], 8), young.nearest(every[3], 8)

    assert found.index(8) < found.index(7)
    assert other.index(7) < other.index(8)


def test_the_same_archive_gives_the_same_answer():
    one, every = family(TEXTS)
    other, _ = family(dict(reversed(TEXTS.items())))

    assert one.nearest(every[3], 5) == other.nearest(every[3], 5)


def test_a_vector_is_small_and_survives_being_packed():
    long = " ".join(f"{n % 90}x{n % 7}" for n in range(2000))
    spread = Spread()
    for text in (long, long, FILLER, FILLER, FILLER, FILLER, FILLER, FILLER):
        spread.learn(profile("", text))
    whole = vector(profile("", long), spread)

    packed = whole.packed()

    assert len(whole.weights) == KEPT
    assert len(packed) <= 306
    again = Vector.unpacked(packed)
    assert again.sketch == whole.sketch
    assert again.likeness(whole) == pytest.approx(1, abs=0.001)


def test_what_stands_in_nearly_every_article_says_nothing():
    spread = Spread()
    for n in range(20):
        spread.learn(profile("", f"{FILLER} {n}"))

    assert vector(profile("", FILLER), spread).weights == {}


def test_an_empty_text_has_no_kin():
    kin, _ = family(TEXTS)

    assert kin.nearest(Kinsman(9, DAY, vector(profile("", ""), Spread())), 5) == []
