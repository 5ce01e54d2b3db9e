"""The rows of an older program are found again under the names of this one, and the way back."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.in_a_newsroom import lay_out, tell

BEFORE = ("press", "0004_failed_jobs")
AFTER = ("press", "0005_standard_names")
AT = datetime(2026, 11, 30, 12, 5, 7, 250_000, tzinfo=UTC)
MODELS = {
    "Change": "Change",
    "Leaf": "OutputFile",
    "Reprint": "RerenderJob",
    "Renewal": "RerenderRun",
    "Followed": "InvalidatedKey",
    "Need": "Dependency",
    "Shelf": "ListEntry",
    "Kinship": "RelatedArticles",
    "Stem": "TermPrefix",
    "FailedJob": "FailedJob",
    "Fingerprint": "Fingerprint",
    "Edition": "Edition",
}
FIELDS = {
    "aside": "background",
    "lingers": "retired",
    "look": "content_hash",
    "answer": "ranked_ids",
    "edge": "score_threshold",
    "doubted": "stale",
    "due": "queued",
    "stands": "article_count",
    "newest": "postings",
}
ROWS = {
    "Change": [
        {"id": 3, "key": "job:front:en", "aside": False},
        {"id": 7, "key": "all:", "aside": True},
    ],
    "Leaf": [
        {
            "id": 4, "path": "en/2026/11/tram.html", "job": "article:12", "language": "en",
            "kind": "article", "sha256": "5f" * 32, "size": 2**40, "edition": 9, "modified": AT,
            "gone": False, "lingers": False,
        },
        {
            "id": 9, "path": "en/section/courts.html", "job": "list:section:en:3:0",
            "language": "en", "kind": "section", "sha256": "", "size": 0, "edition": 0,
            "modified": None, "gone": True, "lingers": True,
        },
    ],
    "Reprint": [{"id": 5, "job": "article:12"}, {"id": 6, "job": "shard:en:1"}],
    "Renewal": [{"id": 2, "begun": AT, "done": 412}],
    "Followed": [{"id": 8, "key": "card:12"}, {"id": 11, "key": "card:12"}],
    "Need": [
        {"id": 10, "job": "article:12", "key": "card:13"},
        {"id": 12, "job": "article:12", "key": "picture:6"},
    ],
    "Shelf": [
        {"id": 21, "list": "section:en:3", "article": 2**40, "published": AT, "page": 2},
        {"id": 22, "list": "search:en", "article": 2**40, "published": AT, "page": 1},
    ],
    "Kinship": [
        {
            "article": 12, "language": "en", "day": 739_585, "look": 2**55, "vector": b"\x00\xff",
            "answer": "13 14", "edge": 0.1 + 0.2, "doubted": True, "due": False,
        },
        {
            "article": 13, "language": "fa", "day": 739_586, "look": -1, "vector": b"",
            "answer": "", "edge": -1.0, "doubted": False, "due": True,
        },
    ],
    "Stem": [
        {"id": 31, "language": "en", "term": 0, "stands": 2, "newest": b""},
        {"id": 32, "language": "en", "term": 2**32 - 1, "stands": 1, "newest": b"\x01\x00" * 4},
    ],
    "FailedJob": [{"id": 41, "job": "article:14", "why": "Its address is too long."}],
    "Fingerprint": [{"id": 42, "key": "house", "value": "ab" * 32}],
    "Edition": [
        {"id": 43, "number": 9, "published": AT, "written": 3, "removed": 1, "seconds": 0.25}
    ],
}  # fmt: skip


@pytest.mark.django_db(databases=["default"])
def test_every_row_keeps_its_values_under_the_new_names_and_back(tmp_path, databases):
    tell(lay_out(tmp_path / "newsroom", databases), there_and_back)


def there_and_back(_newsroom):
    fresh = names_in_database()
    call_command("migrate", *BEFORE, verbosity=0)
    old_names = names_in_database()
    old = models_of(BEFORE)
    for name, rows in ROWS.items():
        old[name].objects.all().delete()
        old[name].objects.bulk_create(old[name](**row) for row in rows)
    assert {name: rows_of(model) for name, model in old.items()} == ROWS

    call_command("migrate", *AFTER, verbosity=0)
    new = models_of(AFTER)
    assert new.keys() == set(MODELS.values())
    for before, after in MODELS.items():
        renamed = [{FIELDS.get(k, k): v for k, v in row.items()} for row in ROWS[before]]
        assert rows_of(new[after]) == renamed, after
    assert names_in_database() == fresh
    declared = {
        each.name
        for model in apps.get_app_config("press").get_models()
        for each in (*model._meta.indexes, *model._meta.constraints)
    }
    assert declared <= fresh

    call_command("migrate", *BEFORE, verbosity=0)
    assert {name: rows_of(model) for name, model in models_of(BEFORE).items()} == ROWS
    assert names_in_database() == old_names


def models_of(migration):
    state = MigrationExecutor(connection).loader.project_state(migration)
    return {model.__name__: model for model in state.apps.get_app_config("press").get_models()}


def rows_of(model):
    """Return the rows as they lie in the table, in the order of their primary keys."""
    rows = list(model.objects.order_by("pk").values())
    for row in rows:
        row.update((k, bytes(v)) for k, v in row.items() if isinstance(v, memoryview))
    return rows


def names_in_database():
    """Return the press's tables and columns, and their indexes and constraints that have names."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("press_"):
                columns = connection.introspection.get_table_description(cursor, table)
                found |= {f"{table}.{column.name}" for column in columns}
                found |= set(connection.introspection.get_constraints(cursor, table))
    return {name for name in found if not name.startswith("__unnamed")}
