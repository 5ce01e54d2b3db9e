from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from tamizdat.lib import clock
from tamizdat.readers import keys, unattended
from tamizdat.site.databases import HOLDERS
from tamizdat.site.health import examine


@pytest.fixture
def freshly_migrated(django_db_setup, django_db_blocker):
    """Databases whose records are what `tamizdat init` leaves: of each its own rooms' only."""
    with django_db_blocker.unblock():
        taken = {}
        for alias in set(HOLDERS.values()):
            others = MigrationRecorder(connections[alias]).migration_qs.exclude(app=alias)
            taken[alias] = list(others)
            others.delete()
        yield
        for alias, records in taken.items():
            MigrationRecorder(connections[alias]).migration_qs.bulk_create(records)


def said(newsroom):
    return {finding.what: finding for finding in examine(newsroom)}


def test_a_freshly_migrated_newsroom_is_not_called_behind(newsroom, freshly_migrated):
    findings = said(newsroom)

    for name in ("desk", "counter", "till"):
        assert findings[f"the {name}'s database is up to date"].well


def test_a_database_that_lacks_a_step_is_called_behind(newsroom, freshly_migrated):
    steps = MigrationRecorder(connections["till"]).migration_qs.filter(app="till")
    kept = list(steps)
    steps.delete()
    try:
        findings = said(newsroom)
    finally:
        steps.bulk_create(kept)

    assert not findings["the till's database is behind this program"].well
    assert findings["the counter's database is up to date"].well


@pytest.mark.django_db(databases=["default", "counter", "till"])
@pytest.mark.parametrize(
    ("ask", "pretended"),
    [
        pytest.param({"default": "never"}, False, id="nobody is asked"),
        pytest.param({"default": "ask"}, True, id="all are asked"),
        pytest.param({"default": "never", "ru": "careful"}, True, id="some are asked"),
    ],
)
def test_asking_for_pretended_money_is_a_finding(newsroom, ask, pretended):
    asking = replace(newsroom, support=replace(newsroom.support, ask=ask))

    found = said(asking).get("readers are asked for money, but payments are only pretended")

    assert (found is not None) == pretended


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_letters_that_wait_for_the_reader_key_for_days_are_a_finding(newsroom):
    from tamizdat.letters.models import Letter

    queued = clock.now() - timedelta(days=9)
    Letter.objects.create(
        kind="receipt", about="one", sealed=b"x", due_at=queued, queued_at=queued, message_id="<x>"
    )

    (found,) = [each for each in examine(newsroom) if "receipts wait" in each.what]

    assert not found.well
    assert "Unlock" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_a_lost_plain_key_is_a_finding(newsroom, tmp_path):
    """Without letters.key every sign-up waits at the counter; doctor counted the other keys."""
    newsroom = replace(newsroom, folder=tmp_path)
    keys.make(newsroom.keys, "open sesame")
    assert not [what for what in said(newsroom) if "is missing" in what]

    (newsroom.keys / "letters.key").unlink()

    found = said(newsroom)["keys/letters.key is missing"]
    assert not found.well
    assert "backup" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_an_unattended_key_that_nobody_destroyed_is_a_finding(newsroom, tmp_path):
    newsroom = replace(newsroom, folder=tmp_path)
    keys.make(newsroom.keys, "open sesame")
    unattended.rotate(newsroom.keys, clock.now() - timedelta(hours=30))
    assert not [what for what in said(newsroom) if "unattended" in what]

    unattended.rotate(newsroom.keys, clock.now() - timedelta(hours=49))

    found = said(newsroom)["1 unattended keys should be destroyed by now, and open addresses"]
    assert "tamizdat work" in found.do


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_unattended_keys_out_of_reach_are_a_finding(newsroom, tmp_path):
    """They are neither destroyed nor counted then, and no new one is made."""
    newsroom = replace(newsroom, folder=tmp_path)
    keys.make(newsroom.keys, "open sesame")
    unattended.rotate(newsroom.keys, clock.now())
    assert not [what for what in said(newsroom) if "out of reach" in what]

    (newsroom.keys / "unattended").rename(newsroom.keys / "elsewhere")
    (newsroom.keys / "unattended").touch(mode=0o600)

    assert not said(newsroom)["keys/unattended is out of reach"].well
