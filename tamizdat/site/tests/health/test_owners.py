"""Files that are not the newsroom's own are named, with the command that gives them back."""

import json
import os
from contextlib import suppress

import pytest

from tamizdat.site.tests.at_work import found
from tests.databases import OnSqlite

OTHER = 65534  # nobody(8)
PLACES = ("data/work.lock", "data/migrating.lock", "edition")  # data/alerts: see test_half_seen.py


@pytest.fixture(scope="module")
def sheet(tmp_path_factory, django_db_setup):
    made = found(tmp_path_factory.mktemp("owners") / "newsroom", OnSqlite())
    (made.folder / "data/alerts").mkdir()
    made.run_unprivileged("work", "--once")
    return made


@pytest.fixture
def closed(sheet, request):
    """Give a file or folder away, as root does that writes there; take it back afterwards."""
    path = sheet.folder / request.param
    was = path.stat()
    with suppress(PermissionError):  # only root can give it away
        os.chown(path, OTHER, OTHER)
    path.chmod(0)
    yield path
    os.chown(path, was.st_uid, was.st_gid)
    path.chmod(was.st_mode & 0o7777)


def not_own(sheet):
    findings = json.loads(sheet.run_unprivileged("doctor", "--json").stdout)["findings"]
    return [each for each in findings if each["what"].startswith("not the newsroom's own")]


def test_where_all_is_the_newsroom_s_nothing_is_named(sheet):
    assert not_own(sheet) == []


@pytest.mark.parametrize("closed", PLACES, indirect=True)
def test_what_is_somebody_else_s_is_named_with_the_command(sheet, closed):
    (named,) = not_own(sheet)

    assert named["what"].endswith(f": {closed.relative_to(sheet.folder)}")
    assert f"`chown -hR root {sheet.folder}`" in named["do"] or os.geteuid() != 0


@pytest.mark.parametrize(
    "closed", [PLACES[0], pytest.param(PLACES[1], marks=pytest.mark.soak)], indirect=True
)
def test_a_lock_that_cannot_be_opened_is_a_sentence(sheet, closed):
    done = sheet.run_unprivileged("work", "--once")

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {closed} cannot be opened by this user (")
    assert "`tamizdat doctor`" in done.stderr
    assert "was not expected" not in done.stderr
