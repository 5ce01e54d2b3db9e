from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tamizdat.desk.tests.accounts.sign_in_machine import SignIn

ORDERS = settings(
    max_examples=20,
    stateful_step_count=10,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_in_no_order_of_events_does_somebody_work_who_may_not(desk, settings):
    picture = Path(settings.MEDIA_ROOT) / "a.txt"
    picture.parent.mkdir(exist_ok=True)
    picture.write_text("of a draft")

    run_state_machine_as_test(SignIn, settings=ORDERS)
