"""A throw-away newsroom, in which all tests run."""

import gc
import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.databases import OnPostgresql, chosen

_folder = Path(tempfile.mkdtemp(prefix="tamizdat-test-"))
shutil.copy(Path(__file__).parent / "tests/newsroom/tamizdat.toml", _folder)
for name in ("data", "media", "edition", "keys", "theme"):
    (_folder / name).mkdir()
os.environ["TAMIZDAT_NEWSROOM"] = str(_folder)
for name in ("TAMIZDAT_ROLE", "DATABASE_URL", "COUNTER_DATABASE_URL", "TILL_DATABASE_URL"):
    os.environ.pop(name, None)
# Not in pyproject.toml: pytest-django would read the settings before there is a newsroom.
os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"

# No test fails because the machine is busy with something else.
settings.register_profile(
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")

_databases = chosen()
with (_folder / "tamizdat.toml").open("a") as _toml:
    _toml.write(_databases.settings)

DATA = Path(
    os.environ.get("TAMIZDAT_TEST_DATA", Path(__file__).parent / "../shared/data")
).resolve()
NOT_RUN = "NOT RUN"


@pytest.fixture
def newsroom():
    """The newsroom of the test run, as its settings file says."""
    from tamizdat.lib.newsroom import load

    return load(_folder)


@pytest.fixture(autouse=True)
def no_timer_outlives_its_story():
    """The counter forgets networks by a timer; a process with threads prints without its pool."""
    yield
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.cancel()
            thread.join(5)


@pytest.fixture(autouse=True)
def no_alert_outlives_its_story():
    """All tests of a process share the newsroom's data folder."""
    yield
    shutil.rmtree(_folder / "data/alerts", ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Databases that were migrated once, in place of pytest-django's, migrated in each process."""
    from django.db import connections

    with django_db_blocker.unblock():
        _databases.provide()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """What the desk published in another story is not remembered in this one."""
    from tamizdat.readers.counter import published
    from tamizdat.readers.counter.remembered import Remembered

    fresh = Remembered(published._ask, published.EVERY_S)  # noqa: SLF001  the real source
    monkeypatch.setattr(published, "memory", fresh)


@pytest.fixture(scope="session")
def databases(django_db_setup):
    """What the tests run on; for those that need a newsroom with databases of its own."""
    return _databases


@pytest.fixture(scope="session")
def postgres(databases):
    """A running PostgreSQL server, whatever the other tests run on."""
    if isinstance(databases, OnPostgresql):
        yield databases.server
        return
    own = OnPostgresql()
    try:
        own.provide()
        yield own.server
    finally:
        own.remove()


@pytest.fixture(scope="session")
def not_run_here():
    """Announce a test that this machine cannot run. When CI=true that is a failure."""
    return _not_run_here


def _not_run_here(why):
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(f"{NOT_RUN}: {why}")


@pytest.fixture
def test_data(not_run_here):
    """The folder of real material that others wrote; see docs/reference/testing.md.

    Required when CI=true. Elsewhere a test that needs it announces that it was not run.
    """
    if not DATA.is_dir():
        not_run_here(f"the test material is missing: {DATA} (see TAMIZDAT_TEST_DATA)")
    return DATA


def pytest_configure(config):
    from django.conf import settings

    from tamizdat.readers import keys

    settings.PASSWORD_HASHERS = ["tests.quick_hasher.QuickHasher"]
    keys.SCRYPT["n"] = 2  # the passphrases of tests guard nothing; each key file names its cost
    if getattr(config.option, "numprocesses", None):
        # Else a worker would read the settings before it has a newsroom, and they are ours.
        del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Put back what a story took away that commits: pytest-django empties every table after it.

    The next one needs the rows that migrations made, whichever file it stands in.
    """
    yield
    if _commits(item):
        from django.db import connections

        connections.close_all()
        _databases.renew()


def _commits(item):
    marker = item.get_closest_marker("django_db")
    marked = marker and marker.kwargs.get("transaction")
    return bool(marked) or "transactional_db" in item.fixturenames


def pytest_addoption(parser):
    parser.addoption("--whole", action="store_true", help="run what is marked soak, too")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leave out what is marked soak; on PostgreSQL also tests that touch no data."""
    if not config.getoption("--whole"):
        _leave_out(config, items, lambda item: item.get_closest_marker("soak"))
    if isinstance(_databases, OnPostgresql):
        _leave_out(config, items, lambda item: not _touches_data(item))


def pytest_collection_finish():
    """Let the collector look at what the stories make alone: the program is no garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _leave_out(config, items, which):
    config.hook.pytest_deselected(items=[item for item in items if which(item)])
    items[:] = [item for item in items if not which(item)]


def _touches_data(item):
    return bool({"db", "django_db_setup", "databases"} & set(item.fixturenames)) or bool(
        item.get_closest_marker("django_db")
    )


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    missed = [(report.nodeid, report.longrepr[2]) for report in skipped]
    if missed := [(name, why) for name, why in missed if NOT_RUN in why]:
        terminalreporter.section("NOT RUN", yellow=True)
        for name, why in missed:
            terminalreporter.write_line(f"{name}: {why.partition(NOT_RUN)[2].strip(': ')}")


def pytest_sessionfinish():
    _databases.remove()
    shutil.rmtree(_folder, ignore_errors=True)
