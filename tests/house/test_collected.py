"""No test is passed over because of where it stands."""

from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_pytest_looks_into_every_folder_with_tests(pytestconfig):
    """It passes over folders of some names, such as "build", and says nothing of it."""
    files = [path for name in ("tamizdat", "tests") for path in (ROOT / name).rglob("test_*.py")]
    patterns = pytestconfig.getini("norecursedirs")

    def is_passed_over(path):
        folders = path.relative_to(ROOT).parts[:-1]
        return any(fnmatch(folder, pattern) for folder in folders for pattern in patterns)

    assert files
    assert [path for path in files if is_passed_over(path)] == []
