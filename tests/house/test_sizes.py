"""Files that have grown too long are split by noun."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST = {"code": 400, "test": 500}


def python_files():
    for folder in ("tamizdat", "tests", "bench"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


@pytest.mark.parametrize("path", list(python_files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_too_long(path):
    kind = "test" if "test" in path.name or "tests" in path.parts else "code"

    lines = path.read_text(encoding="utf-8").count("\n")

    assert lines <= MOST[kind], f"{lines} lines: split it by noun"


@pytest.mark.parametrize("name", ["utils", "helpers", "services", "common", "misc"])
def test_no_file_is_a_drawer(name):
    assert not [path for path in python_files() if path.stem == name]
