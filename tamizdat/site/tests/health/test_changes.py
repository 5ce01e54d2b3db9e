"""`doctor --watch` says what begins and what is over, and nothing else."""

import json
import os
import shutil
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tamizdat.site.health import changes as watch
from tamizdat.site.health.changes import LOOK, Change, changes
from tamizdat.site.health.finding import wrong

FEW = wrong("the disk of / has only 90 MB left", "Make room.", about="disk /")
FEWER = wrong("the disk of / has only 80 MB left", "Make room.", about="disk /")
DOWN = wrong("The mail relay takes no letters.", "See it.", about="alert mail-relay")
SEEN = wrong("The mail relay takes no letters.", "See it.")


def test_what_begins_and_what_is_over_is_said_once():
    assert list(changes([], [FEW])) == [Change(begins=True, finding=FEW)]
    assert list(changes([FEW], [FEW])) == []
    assert list(changes([FEW, DOWN], [DOWN])) == [Change(begins=False, finding=FEW)]


def test_a_number_that_changes_is_no_change():
    assert list(changes([FEW], [FEWER])) == []


def test_a_state_that_is_seen_and_then_only_known_by_its_alert_goes_on():
    assert list(changes([SEEN], [DOWN])) == []
    assert list(changes([DOWN], [SEEN])) == []


@pytest.fixture
def answers(monkeypatch):
    """What the next look answers, in place of a process of its own; "" where it fails."""

    def answers(said):
        def run(*_words, **_more):
            return SimpleNamespace(stdout=said and json.dumps(said), stderr="Error: it fell.")

        monkeypatch.setattr(watch.subprocess, "run", run)

    return answers


def look(before):
    return watch.look(Path(), None, before)


def test_a_look_that_fails_ends_no_finding(answers):
    answers("")
    first = look([FEW, DOWN])
    again = look(first)
    answers({"findings": [asdict(DOWN)], "unanswered": []})
    after = look(again)

    (failed,) = changes([FEW, DOWN], first)
    assert (failed.begins, failed.finding.about) == (True, LOOK)
    assert list(changes(first, again)) == []
    assert {each.finding for each in changes(again, after)} == {failed.finding, FEW}


def test_a_question_that_was_not_answered_ends_no_finding_of_its_own(answers):
    stuck = replace(wrong("3 issues are stuck", "See them.", about="stuck"), question="issues")
    away = replace(wrong("The desk's database does not answer.", "See it."), question="databases")
    answers({"findings": [asdict(away)], "unanswered": ["issues"]})
    first = look([stuck, FEW])
    answers({"findings": [], "unanswered": []})
    after = look(first)

    assert {each.finding: each.begins for each in changes([stuck, FEW], first)} == {
        away: True,
        FEW: False,
    }
    assert {each.finding for each in changes(first, after)} == {away, stuck}


def test_a_question_that_was_answered_of_one_thing_goes_on_for_the_others_alone(answers):
    counter, till = (
        replace(DOWN, what=f"{name} is lost", about="", question=f"the databases: {name}")
        for name in ("counter", "till")
    )
    answers({"findings": [], "unanswered": ["the databases: counter"]})
    half = look([counter, till])
    answers({"findings": [], "unanswered": ["the databases"]})

    assert half == [counter]
    assert look([counter, till]) == [counter, till]


def test_each_look_goes_by_the_settings_of_its_moment(tmp_path):
    file = tmp_path / "tamizdat.toml"
    shutil.copy(f"{os.environ['TAMIZDAT_NEWSROOM']}/tamizdat.toml", file)
    before = watch.look(tmp_path, None)
    file.write_text(file.read_text().replace("127.0.0.1:8000", "example.org"))
    (change,) = changes(before, watch.look(tmp_path, None))

    assert change.begins
    assert change.finding.what.startswith("the edition is reached without encryption")


def test_a_look_that_fails_or_hangs_is_a_finding(tmp_path, monkeypatch):
    (nowhere,) = watch.look(tmp_path, None)
    monkeypatch.setattr(watch, "LONGEST_S", 0.01)
    (slow,) = watch.look(tmp_path, None)

    assert nowhere.why.startswith(f"Error: {tmp_path} is not a newsroom")
    assert (nowhere.what, slow.what) == ("the newsroom could not be looked at",) * 2
    assert slow.why == "It did not end within 0.01 seconds."
