"""Every kind of page, in every language and direction, judged by others' programs."""

from pathlib import Path

import pytest

from tamizdat.lib.pictures.metadata import has_metadata
from tests.journeys.judges import axe, validator

KINDS = [
    pytest.param("{language}/index.html", id="front"),
    pytest.param("{language}/20*/*/*.html", id="article"),
    pytest.param("{language}/section/*.html", id="section"),
    pytest.param("{language}/topic/*.html", id="topic"),
    pytest.param("{language}/p*/*.html", id="person"),
    pytest.param("{language}/archive/index.html", id="archive"),
    pytest.param("{language}/archive/20*.html", id="month"),
    pytest.param("{language}/privacy.html", id="plain"),
    pytest.param("{language}/404.html", id="not found"),
    pytest.param("{language}/search.html", id="search"),
    pytest.param("{language}/letters/*/index.html", id="newsletter"),
    pytest.param("{language}/support.html", id="support"),
    pytest.param("edition/index.html", id="edition"),
]
LANGUAGES = ["en", "ru", "uk", "fa"]


def tree(house) -> Path:
    return house.newsroom.edition / "current"


def pages(house, kind: str, language: str) -> list[str]:
    root = tree(house)
    found = sorted(
        str(path.relative_to(root))
        for path in root.glob(kind.format(language=language))
        if "/page" not in str(path)
    )
    assert found, f"the demonstration has no {kind} in {language}"
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_open_to_everybody_and_asks_nobody_else(house, visit, kind, language):
    visitor = visit(width=1280)
    visitor.page.goto(f"{house.edition}/{pages(house, kind, language)[-1]}")
    by_day = axe(visitor.page)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.page.set_viewport_size({"width": 360, "height": 800})
    by_night = axe(visitor.page)
    visitor.page.mouse.wheel(0, 20_000)
    visitor.page.wait_for_load_state("networkidle")

    assert (by_day, by_night) == ([], [])
    assert visitor.hosts() == {house.edition}
    assert visitor.cookies() == []


def test_the_validator_finds_no_error_on_any_page(house):
    files = sorted(tree(house).rglob("*.html"))

    assert validator(files) == []
    assert len(files) > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_sticks_out_sideways(house, visit, language):
    page = visit().page
    for kind in ("{language}/index.html", "{language}/20*/*/*.html"):
        for path in pages(house, kind, language)[:6]:
            page.goto(f"{house.edition}/{path}")
            for width in (360, 768, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_reads_in_its_language_s_direction(house, visit, language):
    visitor = visit(javascript=False)
    visitor.page.goto(f"{house.edition}/{language}/index.html")

    html = visitor.page.locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "fa" else "ltr")


def test_no_picture_says_where_it_was_taken(house):
    pictures = [
        path
        for folder in (tree(house), house.newsroom.media)
        for form in ("jpg", "jpeg", "png", "webp", "avif")
        for path in folder.rglob(f"*.{form}")
    ]

    assert len(pictures) > 100
    assert {
        str(path): found for path in pictures if (found := has_metadata(path.read_bytes()))
    } == {}


def test_every_page_says_that_it_is_a_demonstration(house):
    for path in tree(house).rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert 'name="robots" content="noindex' in text, path
