"""A fault at a step of `work`: all else happens, and everything once the cause is gone.

One step of each of these; `make soak` takes all steps with all faults.
"""

from tests.faults import (
    CONNECTION,
    EXCEPTION,
    FILE,
    FULL_DISK,
    KILL,
    LINE,
    SECRET,
    SQL,
    TIME_OUT,
)
from tests.isolation import run

TRIES = [
    ("readers", EXCEPTION),
    ("desk", KILL),
    ("press", CONNECTION),
    ("support.till", EXCEPTION),
    ("support.till", KILL),
    ("support", TIME_OUT),
    ("letters", EXCEPTION),
    ("letters", TIME_OUT),
    ("letters", KILL),
    ("letters", CONNECTION),
    ("letters", FULL_DISK),
]


def test_a_fault_at_any_step_holds_up_nothing_else(tmp_path, databases):
    outcome = run(tmp_path / "sheet", databases, TRIES, kinds=(SQL, FILE, LINE), share=0, seed=7)

    assert (outcome["wrong"], outcome["missed"]) == ([], [])
    assert sum(outcome["tried"].values()) == len(TRIES)
    assert SECRET not in outcome["said"]
