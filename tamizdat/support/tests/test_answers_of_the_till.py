"""Whatever the till answers: who asked goes on, by an answer that is right or without one.

What it says of a contribution: `wishes/test_nonsense_of_the_till.py`.
"""

import json
import re

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from tamizdat.lib.money import Money
from tamizdat.lib.newsroom.rules import AMOUNT, MOST_MINOR
from tamizdat.support import admin_panel
from tamizdat.support.admin_panel import EVERY, WHY, SupportPanel
from tamizdat.support.providers.base import INTERVALS
from tamizdat.support.safety import REFUSALS
from tamizdat.support.tests.wishes.test_nonsense_of_the_till import JSON
from tamizdat.support.till_client import Till, TillAwayError
from tests.superuser import sign_in_superuser

NONSENSE = "The till does not answer sensibly."


def right():
    return {
        "month": "2026-11-01",
        "came": [
            {"interval": "once", "currency": "EUR", "about": 1200, "charges": 3},
            {"interval": "month", "currency": "EUR", "about": 91000, "charges": 140},
        ],
        "running": {"month": 140, "year": 2},
        "refused": {"listed": 4},
        "strays": 1,
    }  # fmt: skip


ODD = JSON | st.sampled_from([10**400, -1, True, "x", "<b>", "EUR", *INTERVALS, *REFUSALS])


@st.composite
def spoilt(draw):
    """A right answer in which anything may be something else, more, or missing."""
    answer = right()
    into = draw(st.sampled_from([answer, *answer["came"], answer["running"], answer["refused"]]))
    name = draw(st.sampled_from(sorted(into)) | st.text(max_size=3))
    if draw(st.booleans()):
        into[name] = draw(ODD)
    else:
        into.pop(name, None)
    return answer


def is_count(said, most=10**9):
    return type(said) is int and 0 <= said <= most


def is_right(said):
    """Whether our till can have said so."""
    if not isinstance(said, dict) or not isinstance(said.get("came"), list):
        return False
    by_word = [(said.get("running"), INTERVALS), (said.get("refused"), REFUSALS)]
    return (
        all(isinstance(each, dict) for each in (*said["came"], *(counts for counts, _ in by_word)))
        and all(each.get("interval") in INTERVALS for each in said["came"])
        and all(is_count(each.get("charges")) for each in said["came"])
        and all(is_count(each.get("about"), 10**15) for each in said["came"])
        and all(
            isinstance(each.get("currency"), str) and re.fullmatch("[A-Z]{3}", each["currency"])
            for each in said["came"]
        )
        and all(set(counts) <= set(words) for counts, words in by_word)
        and all(is_count(many) for counts, _ in by_word for many in counts.values())
        and is_count(said.get("strays"))
    )


@pytest.fixture
def shown(newsroom, settings, monkeypatch):
    """Return what the panel says when the till answers this."""
    settings.NEWSROOM = newsroom

    def shown(said):
        raw = json.dumps(said).encode()
        monkeypatch.setattr(Till, "_exchange", lambda *_about: (200, raw))
        context = SupportPanel().get_context_data({})
        return render_to_string(admin_panel.SupportPanel.template_name, context)

    return shown


def test_for_any_answer_there_are_sums_or_a_sentence(shown):
    @given(said=spoilt() | JSON)
    def law(said):
        assert (NONSENSE not in shown(said)) == is_right(said)

    law()


def test_a_right_answer_is_shown(shown):
    page = shown(right())

    assert "€12" in page
    assert "monthly 140, annual 2" in page
    assert "4 from a listed country" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"running": []}, {"came": {}}, {"refused": None}, {"strays": "1"}, {"strays": -1},
        {"running": {"once": {"a": 1}}}, {"running": {"week": 1}}, {"refused": {"poor": 1}},
        {"came": [{"interval": "once", "about": 10**400, "currency": "EUR", "charges": 1}]},
        {"came": [{"interval": "once", "about": 5, "currency": "x", "charges": 1}]},
        {"came": [{"interval": [], "about": 5, "currency": "EUR", "charges": 1}]},
    ],
    ids=lambda wrong: str(wrong)[:60],
)  # fmt: skip
def test_nonsense_is_named(shown, wrong):
    assert NONSENSE in shown(right() | wrong)


def test_the_most_that_the_settings_may_let_the_till_take_is_shown(monkeypatch):
    most = {"minor": MOST_MINOR, "currency": "IRR", "month": "2026-11-01"}
    said = most | {"state": "running", "interval": "month", "to_stop": False, "next": None}
    raw = json.dumps(said | {"charges": [most | {"number": 1}]}).encode()
    monkeypatch.setattr(Till, "_exchange", lambda *_about: (200, raw))

    assert AMOUNT.fits(MOST_MINOR)
    assert not AMOUNT.fits(MOST_MINOR + 1)
    assert Till("http://till.example", "").show("a" * 26).money == Money(MOST_MINOR, "IRR")


@pytest.mark.parametrize(
    "pay",
    ["/pay/\n", "/pay/a b", "/pay/\ud800", "/pay/a\r\nSet-Cookie: a=b", "/elsewhere", "", "x", "é"],
)
def test_a_reader_is_led_to_payment_pages_only(monkeypatch, pay):
    till = Till("http://till.example", "")
    raw = json.dumps({"pay": f"{till.address}{pay}"}).encode()
    monkeypatch.setattr(Till, "_exchange", lambda *_about: (200, raw))

    with pytest.raises(TillAwayError):
        till.begin(Money(500, "EUR"), "once", "en")


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_till_that_makes_no_sense_leaves_the_desk_its_first_screen(client, settings, monkeypatch):
    editor = sign_in_superuser(client, settings)
    raw = json.dumps(right() | {"running": []}).encode()
    monkeypatch.setattr(Till, "_exchange", lambda *_about: (200, raw))

    answer = editor.get("/desk/")

    assert answer.status_code == 200
    assert NONSENSE in answer.content.decode()


def test_there_is_a_word_for_each_interval_and_each_refusal():
    assert set(EVERY) == set(INTERVALS)
    assert set(WHY) == set(REFUSALS)
