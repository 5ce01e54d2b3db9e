"""A damaged index of the desk's search damages no database: all goes on, and it is made anew."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from tamizdat.desk.searching import damage
from tamizdat.site.tests.at_work import found
from tests.databases import OnSqlite

INDEX = "wagtailsearch_indexentry_fts"
ONE = "from wagtail.models import Page; page = Page.objects.filter(depth=2).first()"
SEARCH = f"""
{ONE}
from wagtail.search.backends import get_search_backend
assert page in list(get_search_backend().search(page.title, Page.objects.all()))
"""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory, django_db_setup):
    made = found(tmp_path_factory.mktemp("index") / "newsroom", OnSqlite())
    run(made, "-m", "tamizdat.site", "work", "--once")
    return made


@pytest.fixture
def damaged(sheet):
    with closing(sqlite3.connect(sheet.folder / "data/desk.sqlite3")) as desk:
        desk.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")
        desk.commit()  # which writes it
        desk.execute(f"DELETE FROM {INDEX}_data WHERE id > 10")  # all that is not its plan
        desk.commit()
    return sheet


def run(sheet, *words):
    env = {**sheet.environment("desk"), "TAMIZDAT_NEWSROOM": str(sheet.folder)}
    return subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, check=False, timeout=120
    )


def do(sheet, script):
    done = run(sheet, "-c", f"from tamizdat.site.boot import boot; boot()\n{script}")
    assert done.returncode == 0 or "malformed" in done.stderr, done.stderr
    return done.returncode == 0


def test_the_worker_makes_it_anew_once_somebody_met_it(damaged):
    assert not do(damaged, SEARCH)
    assert [key for key in damaged.standing() if "search" in key or "database" in key] == [
        damage.ALERT.key
    ]

    run(damaged, "-m", "tamizdat.site", "work", "--once")

    assert damage.ALERT.key not in damaged.standing()
    assert do(damaged, SEARCH)
