"""Which rules and which parts of the script a page carries."""

import pytest

from tamizdat.lib.theme import script, used_css

PAGE = """<main class="wrap text"><h2 id="a">A</h2><p class=plain>B <a href="#">C</a></p></main>"""


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        pytest.param("p{b:c}em{b:c}", "p{b:c}", id="an element"),
        pytest.param(".text{b:c}.box{b:c}", ".text{b:c}", id="a class"),
        pytest.param(".plain{b:c}", ".plain{b:c}", id="a class without quotes"),
        pytest.param(".text em,.text a,em{b:c}", ".text a{b:c}", id="one of several"),
        pytest.param("h2.text{b:c}h3.text{b:c}", "h2.text{b:c}", id="both must be there"),
        pytest.param(".wrap>p:not(.box):hover::after{b:c}", None, id="what follows a colon"),
        pytest.param(":is(em,.box:has(a,b)) p{b:c}", None, id="brackets in brackets"),
        pytest.param("[hidden]{b:c}#gone{b:c}*{b:c}:root{--d:e}", None, id="nothing to look for"),
        pytest.param("html:not(.js) a{b:c}.due a{b:c}", None, id="what the script sets"),
        pytest.param("@media print{p{b:c}em{b:c}}", "@media print{p{b:c}}", id="inside a rule"),
        pytest.param("@media print{em{b:c}}p{b:c}", "p{b:c}", id="nothing left inside"),
        pytest.param("@media print{@page{b:c}}", None, id="the paper"),
    ],
)
def test_a_page_keeps_the_rules_that_can_match_on_it(css, kept):
    assert used_css.rules(css, used_css.names(PAGE)) == (css if kept is None else kept)


def test_shades_are_kept_one_by_one_and_in_their_place():
    shades = "".join(f".k{number}{{b:{number}}}" for number in range(used_css.MANY_ALIKE))
    css = f"p{{a:1}}{shades}@media print{{p{{a:2}}}}"

    kept = used_css.rules(css, used_css.names('<p class="k7"><img class="k3">'))

    assert kept == "p{a:1}.k3{b:3}.k7{b:7}@media print{p{a:2}}"


def test_of_two_rules_for_one_name_the_later_still_comes_later():
    alike = "".join(f".k{number % 15}{{b:{number}}}" for number in range(30))

    assert used_css.rules(alike, used_css.names('<p class="k1 k2">')) == (
        ".k1{b:1}.k2{b:2}.k1{b:16}.k2{b:17}"
    )


SCRIPT = """// About all of it.
(() => {
const all = 1
// [data-hush] The strip.
hush(all + 1, "a , b")
// [data-stamp]
stamp(all)
// [html]
})()
"""


def test_a_page_carries_the_parts_of_the_script_that_it_has_work_for():
    used = script.used(script.names(SCRIPT), '<form data-stamp="subscribe">')

    parts = script.parts(SCRIPT, used)

    assert "stamp(all)" in parts
    assert "hush(" not in parts
    assert parts.rstrip().endswith("})()")


def test_a_lean_script_says_the_same_in_fewer_bytes():
    assert script.lean(SCRIPT) == ('(()=>{\nconst all=1\nhush(all+1,"a , b")\nstamp(all)\n})()')
