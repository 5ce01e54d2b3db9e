"""Very many orders of what can happen at sign-in; `make test` tries some of them."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tamizdat.desk.tests.accounts.sign_in_machine import SignIn
from tests.laid_out import lay_out

ORDERS = int(os.environ.get("TAMIZDAT_SOAK_ORDERS", "1000"))
MANY = settings(
    max_examples=ORDERS,
    stateful_step_count=40,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_in_none_of_many_orders_does_somebody_work_who_may_not(db, newsroom, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    (Path(tmp_path) / "a.txt").write_text("of a draft")
    lay_out(newsroom)

    run_state_machine_as_test(SignIn, settings=MANY)
