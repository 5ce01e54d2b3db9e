"""What an article weighs on the wire: the text has to come through first, in every language."""

import pytest

from bench.publish import PAGE_LIMIT_KB, heaviest, weights_of

LANGUAGES = ["en", "ru", "uk", "fa"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_of_800_words_is_at_most_ten_kilobytes(house, language):
    weights = weights_of(house.newsroom.edition / "current")

    assert heaviest(weights)[language] <= PAGE_LIMIT_KB
