"""The long version of site/tests/processes/test_isolation_law.py, on both databases.

Every statement of SQL, commit, file and connection with every fault that it can meet. Of the
calls of our own functions, of which there are thousands, a tenth.
"""

import itertools
import os

import pytest

from tests.faults import CALL, EXCEPTION, FAULTS, FILE, KILL, LINE, SECRET, SQL
from tests.isolation import ROOMS, run

SHARE = float(os.environ.get("TAMIZDAT_SOAK_STEPS", "1"))
ALL = list(itertools.product(ROOMS, FAULTS))
OF_CALLS = list(itertools.product(ROOMS, (EXCEPTION, KILL)))


@pytest.mark.parametrize(
    ("tries", "kinds", "share"),
    [
        pytest.param(ALL, (SQL, FILE, LINE), SHARE, id="outside"),
        pytest.param(OF_CALLS, (CALL,), SHARE / 10, id="calls"),
    ],
)
def test_no_fault_at_any_step_holds_up_anything_else(tmp_path, each_database, tries, kinds, share):
    outcome = run(tmp_path / "sheet", each_database, tries, kinds=kinds, share=share, seed=1)

    assert (outcome["wrong"], outcome["missed"]) == ([], [])
    assert SECRET not in outcome["said"]
