"""Links that many pages share lead from each of them to where they should."""

from posixpath import dirname, join, normpath

import pytest

from tamizdat.press.pages.links import ROOT, Links

TARGETS = ("en/section/courts.html", "en/index.html", "edition/index.html", "pictures/a-320.avif")
PAGES = ("en/2026/11/tram.html", "ru/2014/03/most.html", "en/section/courts/3.html", "index.html")


class Everything:
    """An edition that has every path."""

    def has(self, _path):
        return True


def links(path, base=None):
    return Links(path, Everything(), base)


def led(page, href):
    return normpath(join(dirname(page), href))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("target", [*TARGETS, "en/2026/11/bridge.html", "en/2026/10/bridge.html"])
def test_what_stands_around_a_page_leads_where_its_own_links_lead(page, target):
    assert led(page, links(page).around().way(target)) == target


def test_articles_of_all_months_share_what_stands_around_them():
    one, other = links("en/2026/11/tram.html"), links("en/2014/03/bridge.html")

    assert one.standing == other.standing
    assert one.standing != links("en/section/courts/3.html").standing
    assert [one.around().way(to) for to in TARGETS] == [other.around().way(to) for to in TARGETS]


@pytest.mark.parametrize("page", PAGES)
def test_what_was_drawn_for_many_pages_leads_right_from_each(page):
    drawn = f'<a href="{links("somewhere/else.html").by_root.way("en/2026/10/bridge.html")}">'

    placed = links(page).rooted(drawn)

    assert led(page, placed.split('"')[1]) == "en/2026/10/bridge.html"
    assert ROOT not in placed


def test_a_page_with_a_base_goes_by_it():
    assert links("en/404.html", "/").rooted(f"{ROOT}en/x.html") == "/en/x.html"
