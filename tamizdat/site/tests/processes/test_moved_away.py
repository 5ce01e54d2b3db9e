"""What another machine holds now is told there, and no longer here."""

import pytest
from django.conf import settings

from tamizdat.lib import alerts, clock
from tamizdat.lib.alerts import Alert
from tamizdat.site.processes import moved_away

OF_THE_TILL = {
    "database-till-away", "database-till-behind", "round-till", "slow-till", "theme-till-pay",
    "payment-service", "contributions-wait", "till-steps",
}  # fmt: skip
OURS = {
    "database-desk-away", "database-counter-away", "round-letters", "slow-letters",
    "theme-counter-leave", "disk",
}  # fmt: skip


@pytest.fixture
def standing(newsroom):
    """Raise them all, and say what still stands."""
    for key in OF_THE_TILL | OURS:
        alerts.raise_alert(newsroom.data, Alert(key, "It is broken.", "", "Mend it."), clock.now())
    yield lambda: {each.key for each in alerts.standing(newsroom.data)} & (OF_THE_TILL | OURS)
    for key in OF_THE_TILL | OURS:
        alerts.clear(newsroom.data, key)


def test_where_the_till_is_here_everything_stands(newsroom, standing):
    moved_away.forget(newsroom)

    assert standing() == OF_THE_TILL | OURS


def test_where_it_moved_away_nothing_of_it_does(newsroom, standing, monkeypatch):
    there = {name: each for name, each in settings.DATABASES.items() if name != "till"}
    monkeypatch.setattr(settings, "DATABASES", there)

    moved_away.forget(newsroom)

    assert standing() == OURS
