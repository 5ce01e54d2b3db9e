"""The long version of press/tests/build/test_every_step.py: each step fails with every fault."""

import pytest

from tamizdat.press.tests.build.test_every_step import FAULTS, STEPS, fail_and_go_on
from tamizdat.press.tests.conftest import edition, languages, newsdesk, own_newsroom

__all__ = ["edition", "languages", "newsdesk", "own_newsroom"]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_however_a_step_fails_readers_have_one_whole_edition(
    newsdesk, edition, subtests, step, after
):
    newsdesk.article("The first")
    newsdesk.publish()
    for number, error in enumerate(FAULTS):
        with subtests.test(error=type(error).__name__):
            fail_and_go_on(newsdesk, edition, f"Story {number}", step, error, after=after)
