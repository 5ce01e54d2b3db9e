"""kill -9 in the middle of publishing, many times over."""

import os

from tamizdat.press.tests.build.test_crash import kill_publishers

ROUNDS = int(os.environ.get("TAMIZDAT_SOAK_ROUNDS", "1000"))


def test_the_edition_survives_many_crashes(tmp_path, databases):
    kill_publishers(tmp_path, ROUNDS, databases)
