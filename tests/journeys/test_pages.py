"""Every kind of page, in every language and direction, judged by others' programs."""

import json
import subprocess
from pathlib import Path

import pytest

from tamizdat.lib.metadata import has_metadata

TOOLS = Path(__file__).parents[2] / ".cache/tools/node/node_modules"
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
    pytest.param("{language}/letters/*/index.html", id="newsletter"),
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


def axe(page) -> list[str]:
    """Return what axe finds wrong, one line each."""
    page.evaluate((TOOLS / "axe-core/axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(house, visit, kind, language):
    path = pages(house, kind, language)[0]

    for scheme, width in (("light", 1280), ("dark", 360)):
        visitor = visit(scheme=scheme, width=width)
        visitor.page.goto(f"{house.edition}/{path}")
        assert axe(visitor.page) == []


def test_the_validator_finds_no_error_on_any_page(house):
    files = sorted(str(path) for path in tree(house).rglob("*.html"))

    vnu = TOOLS / "vnu-jar/build/dist/vnu.jar"
    run = subprocess.run(
        ["java", "-jar", vnu, "--errors-only", "--format", "json", *files],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

    errors = json.loads(run.stderr)["messages"]
    assert [f"{each['url']}: {each['message']}" for each in errors] == []
    assert len(files) > 60


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_nobody_else_and_leaves_nothing(house, visit, kind, language):
    for path in pages(house, kind, language)[:3]:
        visitor = visit()
        visitor.page.goto(f"{house.edition}/{path}", wait_until="networkidle")
        visitor.page.mouse.wheel(0, 20_000)
        visitor.page.wait_for_load_state("networkidle")

        assert visitor.hosts() == {house.edition}
        assert visitor.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_sticks_out_sideways(house, visit, language, width):
    visitor = visit(width=width)
    for kind in ("{language}/index.html", "{language}/20*/*/*.html"):
        for path in pages(house, kind, language)[:8]:
            visitor.page.goto(f"{house.edition}/{path}")
            assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width, path


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
