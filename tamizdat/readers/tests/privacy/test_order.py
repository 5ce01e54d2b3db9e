"""Rows that hold an address lie in no order of arrival."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connection

from tamizdat.readers.models import Pending, SealedRecord, UnattendedCopy
from tamizdat.readers.privacy.erasing import HOLDERS
from tamizdat.readers.privacy.order import in_no_order

pytestmark = pytest.mark.django_db
MANY = 12  # of so many things an order is no accident


def record(n):
    return SealedRecord.objects.create(sealed=b"x", reply=f"{n}").pk


def copy(_n):
    return UnattendedCopy.objects.create(key="k", sealed=b"x", until="2026-11-20T12:00Z").pk


def pending(n):
    day = date(2026, 11, 20)
    return Pending.objects.create(
        id=uuid4(), token=f"{n}", sealed=b"x", newsletters=[], language="en", consent_version="1",
        consent_sha256="0", consent_day=day, expires_at="2026-11-20T12:00Z",
    ).pk  # fmt: skip


@pytest.mark.parametrize("make", [record, copy, pending])
def test_what_came_first_does_not_lie_first(make):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lays rows by their ids after each round; the drill looks at them")
    arrived = [make(n) for n in range(MANY)]
    model = {record: SealedRecord, copy: UnattendedCopy, pending: Pending}[make]

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {model._meta.db_table} ORDER BY rowid")
        lying = [UUID(key) for (key,) in cursor.fetchall()]

    assert sorted(lying) == sorted(arrived)
    assert lying != arrived


def test_every_table_that_is_written_anew_lies_in_no_order():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL lays rows by their ids after each round; the drill looks at them")
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        triggers = {name for (name,) in cursor.fetchall()}

    assert {f"{table}_in_no_order" for table in HOLDERS["default"].anew} <= triggers


def test_ids_are_in_no_order():
    made = [in_no_order() for _ in range(MANY)]

    assert made != sorted(made)
    assert all(0 < each < 2**63 for each in made)
