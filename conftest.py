"""A throw-away newsroom, in which all tests run."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_folder = Path(tempfile.mkdtemp(prefix="tamizdat-test-"))
shutil.copy(Path(__file__).parent / "tests/newsroom/tamizdat.toml", _folder)
for name in ("data", "media", "edition", "keys", "theme"):
    (_folder / name).mkdir()
os.environ["TAMIZDAT_NEWSROOM"] = str(_folder)
os.environ.pop("TAMIZDAT_ROLE", None)
# Not in pyproject.toml: pytest-django would read the settings before there is a newsroom.
os.environ["DJANGO_SETTINGS_MODULE"] = "tamizdat.site.settings"

DATA = Path(
    os.environ.get("TAMIZDAT_TEST_DATA", Path(__file__).parent / "../shared/data")
).resolve()
_not_run: list[str] = []


@pytest.fixture
def newsroom():
    """The newsroom of the test run, as its settings file says."""
    from tamizdat.lib.newsroom import load

    return load(_folder)


@pytest.fixture
def test_data(request):
    """The folder of real material that others wrote; see docs/reference/testing.md.

    Required when CI=true. Elsewhere a test that needs it announces that it was not run.
    """
    if DATA.is_dir():
        return DATA
    if os.environ.get("CI") == "true":
        pytest.fail(f"the test material is missing: {DATA} (TAMIZDAT_TEST_DATA names its folder)")
    _not_run.append(request.node.nodeid)
    pytest.skip("NOT RUN: the test material is missing; name its folder in TAMIZDAT_TEST_DATA")


def pytest_configure():
    from django.conf import settings

    assert settings.DATABASES


def pytest_terminal_summary(terminalreporter):
    if _not_run:
        terminalreporter.section("NOT RUN: real material missing", yellow=True)
        terminalreporter.write_line(f"{DATA} is missing; TAMIZDAT_TEST_DATA names its folder.")
        for name in _not_run:
            terminalreporter.write_line(name)


def pytest_sessionfinish():
    shutil.rmtree(_folder, ignore_errors=True)
