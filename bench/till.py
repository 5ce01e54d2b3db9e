"""The till killed at named points of payments and sweeps, 300 times on each database.

`lost` are contributions of givers who were thanked that are not in the books, charges of the
service that the books do not know, and givers who were never led to their thanks page; `twice` are
givers who were charged twice for one contribution or for one month. The service is the pretended
one.
"""

from bench._kills import KILLS, all_kills, fewest, outcomes, total
from bench._rows import Row, row

FEW = 10


def rows(*, smoke: bool) -> list[Row]:
    """Return the figures; `smoke` kills once at each point."""
    done = outcomes("tests.till_kills", FEW if smoke else KILLS)
    still_open = sum(each["open"] for each in done)
    return [
        row("till_kills_lost", total(done, "lost", "failed") + still_open, "lost", 0),
        row("till_kills_charged_twice", total(done, "twice"), "charges", 0),
        row("till_kills", all_kills(done), "kills"),
        row("till_kills_each", fewest(done), "kills"),
    ]
