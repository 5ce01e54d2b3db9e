from dataclasses import replace

import pytest

from tamizdat.lib.theme import Theme


@pytest.mark.parametrize("demonstration", [True, False])
def test_only_a_demonstration_says_for_which_country_the_listed_one_stands(newsroom, demonstration):
    theme = Theme(replace(newsroom, demonstration=demonstration))

    shown = theme.render("till/form/pretend.html", "en", cards=(), price=None, handle="")

    assert ("stands for the invented one" in shown) is demonstration
