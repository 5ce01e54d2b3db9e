"""kill -9 in the middle of charging, many times over."""

import os

from tamizdat.support.till.tests.test_crash import folder, kill_anywhere
from tamizdat.support.till.tests.test_killed_till import give_through_deaths, till

__all__ = ["folder", "till"]
ROUNDS = int(os.environ.get("TAMIZDAT_SOAK_ROUNDS", "60"))


def test_the_books_and_the_service_agree_after_many_crashes(folder):
    kill_anywhere(folder, ROUNDS)


def test_every_monthly_giver_ends_with_their_link_however_often_the_till_dies(till):
    give_through_deaths(till, ROUNDS)
