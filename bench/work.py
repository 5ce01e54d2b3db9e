"""The worker killed at named points of its letters, 300 times on each database: what is lost?

`lost` are letters that no reader got, and that wait nowhere; `repeated` those that came twice
although it was known that they had gone. Where only the relay knows it (the worker died between
the note that a letter leaves and the note that it left), one copy more is right, and only told.
"""

from bench._kills import KILLS, all_kills, fewest, outcomes, total
from bench._rows import Row, row

FEW = 8


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` kills once at each point."""
    done = outcomes("tests.work_kills", FEW if smoke else KILLS)
    return [
        row("work_kills_lost", total(done, "lost", "waiting"), "lost", 0),
        row("work_kills_repeated", total(done, "repeated_outside"), "repeats", 0),
        row("work_kills_repeated_in_the_window", total(done, "repeated"), "repeats"),
        row("work_kills", all_kills(done), "kills"),
        row("work_kills_each", fewest(done), "kills"),
    ]
