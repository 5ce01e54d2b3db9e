import re
from dataclasses import replace

import pytest

from tamizdat.lib.newsroom import LANGUAGES
from tamizdat.readers.counter.models import Published
from tamizdat.support.appeals import published
from tamizdat.support.appeals.wording import Wording, country_names, default, filled

counter = pytest.mark.django_db(databases=["counter"])

# Words by which a text would ask a reader at risk to do what may be punished.
RISKY = {
    "en": r"\bshare\b|\brepost|\bforward\b|friend abroad|on your behalf|VPN",
    "ru": r"подели|репост|перешл|расскажите|друз|знаком|через кого|за границей",
    "uk": r"поділ|репост|перешл|розкаж|друз|знайом|через кого|за кордоном",
    "fa": r"به اشتراک|بازنشر|بفرستید|دوست|آشنا|به جای شما",
}


def all_texts(words):
    return "\n".join([*words.paragraphs, *words.safe_paragraphs, words.strip, words.safe_heading])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_default_text_asks_a_reader_at_risk_to_share_or_give_through_somebody(language):
    assert not re.search(RISKY[language], all_texts(default(language)), re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_of_its_own(language):
    words = default(language)

    assert language == "en" or words != default("en")
    assert "{countries}" in words.declaration
    assert len(words.safe_paragraphs) >= 2


def test_a_language_without_words_gets_the_english_ones():
    assert default("xx") == default("en")


def test_an_editors_own_braces_stay():
    words = Wording("{x} {name}", "", ("{",), "{countries}", "", (), "")

    assert filled(words, "The Sheet", "Russia").strip == "{x} The Sheet"
    assert filled(words, "The Sheet", "Russia").paragraphs == ("{",)


def test_countries_are_named_in_the_readers_language():
    assert country_names({"RU", "BY"}, "en") == "Belarus, Russia"
    assert country_names({"RU", "BY"}, "uk") == "Білорусь, Росія"
    assert country_names({"RU", "BY"}, "fa") == "بلاروس، روسیه"


@counter
def test_what_the_desk_wrote_the_counter_reads():
    words = replace(default("ru"), heading="Новый заголовок")

    assert published.write({"ru": words})
    assert not published.write({"ru": words}), "nothing changed"
    assert published.read("ru") == words


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"ru": 1}', '{"ru": {"strip": "x"}}'])
@counter
def test_broken_words_mean_the_default_warning_and_never_none(broken):
    Published.objects.create(name=published.NAME, text=broken)

    assert published.read("ru") == default("ru")
