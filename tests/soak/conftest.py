"""One archive for all tests of its size: a hundred thousand articles, or some hundred in a hurry.

It stays in the database while the session lasts; every test's own changes are rolled back.
"""

import dataclasses
import os
import random
import time
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tamizdat.desk.tests.conftest import signed_in
from tests.databases import OnPostgresql, OnSqlite
from tests.laid_out import lay_out

ARTICLES = int(os.environ.get("TAMIZDAT_SOAK_ARTICLES", "100000"))
MANY = 50_000  # from so many on time is judged
BOUND_S = 5.0  # what a cliff of minutes is far from, and a noisy machine is not near
SEED = 1


@dataclass(frozen=True)
class Archive:
    """What stands in the database, and how many articles there are in it."""

    articles: int


@dataclass
class Asked:
    """What an act asked of the database."""

    queries: CaptureQueriesContext
    seconds: float = 0.0

    @property
    def count(self):
        return len(self.queries)

    def like(self, *words):
        """Return the statements in which all these words stand."""
        every = [query["sql"] for query in self.queries.captured_queries]
        return [sql for sql in every if all(word in sql for word in words)]


@pytest.fixture(params=[OnSqlite, OnPostgresql])
def each_database(request):
    """Databases of each kind, for a newsroom of its own."""
    databases = request.param()
    try:
        if request.param is OnPostgresql:
            databases.provide()
        yield databases
    finally:
        databases.remove()


@pytest.fixture(scope="session")
def archive(django_db_setup, django_db_blocker, tmp_path_factory, not_run_here):
    """An archive in three languages, found by the desk's search, in the run's own database."""
    from django.conf import settings

    from bench.archive import wire

    try:
        wire.folder("reuters21578")
    except wire.MissingWireError as error:
        not_run_here(str(error))
    media, settings.MEDIA_ROOT = settings.MEDIA_ROOT, str(tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock():
        _fill(settings.NEWSROOM)
        call_command("update_index", verbosity=0)
    yield Archive(ARTICLES)
    settings.MEDIA_ROOT = media


def _fill(newsroom):
    from bench.archive import library, persian, reuters, wikinews
    from bench.archive.dates import moments
    from bench.archive.filling import Filling
    from bench.archive.terms import file_under
    from bench.archive.writer import Writer
    from tamizdat.press.models import Change

    wires = {"en": reuters.stories(), "ru": wikinews.stories(), "fa": persian.stories()}
    with transaction.atomic():
        lay_out(newsroom)
        pictures = library.fill(SEED, ARTICLES)
        filling = Filling(file_under(SEED, wires))
        writer = Writer(SEED, wires, pictures, filling.first_id)
        filling.fill(writer.write(moments(random.Random(SEED), ARTICLES)))
        Change.objects.all().delete()  # or the press would print it all at the commit


@pytest.fixture
def editor(archive, db, settings):
    """An editor who has signed in at the desk."""
    cache.clear()
    settings.NEWSROOM = dataclasses.replace(settings.NEWSROOM, demonstration=True)
    return signed_in("Nora Keld", "editor")


@pytest.fixture
def at_ease(archive, db):
    """Do something and see what it asked for; with many articles it must not take long."""

    @contextmanager
    def _at_ease(seconds=BOUND_S):
        with CaptureQueriesContext(connection) as queries:
            asked = Asked(queries)
            started = time.perf_counter()
            yield asked
            asked.seconds = time.perf_counter() - started
        if archive.articles >= MANY:
            assert asked.seconds < seconds

    return _at_ease
