"""`doctor --watch` says what begins and what is over, and nothing else."""

import os
import shutil

from tamizdat.site.health import changes as watch
from tamizdat.site.health.changes import Change, changes
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
