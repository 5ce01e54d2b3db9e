"""The stylesheet on its way, and whether its colours can be read."""

import re
from itertools import combinations

import pytest

from tamizdat.lib.newsroom import Look
from tamizdat.lib.theme import OURS
from tamizdat.lib.theme.contrast import ratio, readable_on
from tamizdat.lib.theme.stylesheet import (
    PAPERS,
    crops,
    in_order,
    keep,
    lean,
    settled,
    shade,
    shades,
    short,
    unreadable,
)

# What sets a property that its own name does not begin with.
WHOLES = {("line-height", "font"), ("top", "inset"), ("row-gap", "gap"), ("column-gap", "gap")}


def test_contrast_is_wcags():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert ratio("#962318", "#962318") == pytest.approx(1)


@pytest.mark.parametrize(("button", "ink"), [("#962318", "#ffffff"), ("#ffd34d", "#161513")])
def test_letters_on_a_button_are_those_that_read_better(button, ink):
    assert readable_on(button) == ink


def test_our_own_accents_can_be_read():
    assert unreadable(Look()) == []


def test_an_accent_that_cannot_be_read_is_named_with_a_way_out():
    ((what, do),) = unreadable(Look(accent="#ffd34d"))

    assert "#ffd34d" in what
    assert do == "Set [look] accent to a darker colour."


def test_by_night_an_accent_has_to_be_light():
    ((_, do),) = unreadable(Look(accent_dark="#962318"))

    assert do == "Set [look] accent_dark to a lighter colour."


def test_small_words_are_held_against_the_papers_of_the_stylesheet():
    css = (OURS / "style.css").read_text(encoding="utf-8")

    for paper, wash in PAPERS.values():
        assert f"--paper: {paper};" in css
        assert f"--wash: {wash};" in css


@pytest.mark.parametrize(
    ("css", "small"),
    [
        pytest.param("/* why */ a { color: red; }", "a{color:red}", id="comments and space"),
        pytest.param("p :hover , b{}", "p :hover,b{}", id="space before a colon parts selectors"),
        pytest.param("a{width:calc(1px + 2px)}", "a{width:calc(1px + 2px)}", id="arithmetic"),
        pytest.param("h2 > a { b: c }", "h2>a{b:c}", id="children"),
        pytest.param('a{content: "a ; { b";}', 'a{content:"a ; { b"}', id="strings"),
        pytest.param("@media (max-width: 1px) { a { b: c } }", "@media (max-width:1px){a{b:c}}"),
    ],
)
def test_lean(css, small):
    assert lean(css) == small


def test_a_picture_is_stood_in_for_by_a_colour_near_its_own():
    assert shade("#e0d2c0") == shade("#d8ccba") == "k20"
    assert shade("#24313a") == "k02"
    assert shade("#8a8886") == "k11"
    assert f".{shade('#b5422f')}{{background:#9c8874}}" in shades()


def test_declarations_stand_in_the_order_of_their_names():
    css = "@media print { a { top: 0; color: red; color: blue; /* b */ } }"

    assert in_order(css) == "@media print { a {color: red;color: blue;top: 0} }"


def test_no_rule_of_ours_means_something_else_in_that_order():
    for sheet in OURS.rglob("*.css"):
        css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for rule in re.findall(r"\{([^{}]*)\}", css):
            names = [said.partition(":")[0].strip() for said in rule.split(";") if ":" in said]
            turned = [
                (part, whole)
                for part, whole in combinations(names, 2)
                if part.startswith(f"{whole}-") or (part, whole) in WHOLES
            ]
            assert not turned, f"{sheet.name}: {rule}"


@pytest.mark.parametrize(
    ("focus", "classes"),
    [("50% 50%", ""), ("50% 32%", " p21"), ("0% 100%", " p04"), ("37% 88%", " p14")],
)
def test_a_crop_keeps_what_matters(focus, classes):
    assert keep(focus) == classes
    assert not classes or f".{classes.strip()}{{object-position:" in crops()


def test_what_is_known_before_printing_is_written_into_the_rules():
    css = "@settings { --tall: 0; --far: .3 } @settings { --tall: .3; }"

    said = settled(f"{css}h1 {{ line-height: calc(1.25 + var(--tall)); color: var(--ink) }}")

    assert said.strip() == "h1 { line-height: 1.55; color: var(--ink) }"


def test_custom_properties_get_short_names():
    css = ":root{--on-accent:#fff;--accent:red}a{color:var(--accent);margin:var(--on-accent)}"

    assert short(css) == ":root{--a:#fff;--b:red}a{color:var(--b);margin:var(--a)}"
