"""The books of an older version are carried over: each contribution, charge and hint of one."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from tests.in_a_newsroom import lay_out, tell

BEFORE = "0002_receipt_wished"
NOVEMBER = date(2026, 11, 1)
MONEY = {"provider": "pretend", "minor": 500, "currency": "EUR", "month": NOVEMBER}


@pytest.mark.django_db(databases=["default", "till"])
def test_gifts_of_an_older_version_are_contributions_and_go_back(tmp_path, databases):
    tell(lay_out(tmp_path / "newsroom", databases), carried_over)


def carried_over(_newsroom):
    from tamizdat.support.till.models import Charge, Contribution, UnmatchedCharge

    migrate(BEFORE)
    old = MigrationExecutor(connections["till"]).loader.project_state(("till", BEFORE)).apps
    gift = old.get_model("till", "Gift").objects.using("till").create(
        key="k1", ref="r1", token_hash="t", interval="month", country="FR", state="running",
        turn=7, receipt_wished=True, **MONEY,
    )  # fmt: skip
    old.get_model("till", "Charge").objects.using("till").create(gift=gift, ref="c1", **MONEY)
    old.get_model("till", "Stray").objects.using("till").create(
        provider="pretend", ref="r2", month=NOVEMBER
    )

    migrate()

    (contribution,) = Contribution.objects.using("till").all()
    assert (contribution.key, contribution.version, contribution.state) == ("k1", 7, "running")
    assert contribution.receipt_wished
    assert [each.ref for each in contribution.charges.all()] == ["c1"]
    assert [each.ref for each in UnmatchedCharge.objects.using("till").all()] == ["r2"]
    assert Charge.objects.using("till").count() == 1

    migrate(BEFORE)

    assert list(
        old.get_model("till", "Charge").objects.using("till").values_list("gift__key", "gift__turn")
    ) == [("k1", 7)]


def migrate(*to):
    call_command("migrate", "till", *to, database="till", verbosity=0)
