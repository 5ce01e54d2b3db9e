"""kill -9 in the middle of charging, many times over."""

import os

from tamizdat.support.till.tests.test_crash import folder, kill_anywhere

__all__ = ["folder"]
ROUNDS = int(os.environ.get("TAMIZDAT_SOAK_ROUNDS", "60"))


def test_the_books_and_the_service_agree_after_many_crashes(folder):
    kill_anywhere(folder, ROUNDS)
