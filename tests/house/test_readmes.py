"""Who opens a folder finds in its README what each module in it is for."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEFT_OUT = {"__init__.py", "tests", "migrations", "templates", "static", "__pycache__"}
EXCEPT = {"tamizdat/press": "moves into packages"}
PACKAGES = [path.parent for path in sorted((ROOT / "tamizdat").rglob("README.md"))]


def modules(package):
    for path in sorted(package.iterdir()):
        if path.name not in LEFT_OUT and (path.suffix == ".py" or (path / "__init__.py").exists()):
            yield path.name if path.is_file() else f"{path.name}/"


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_is_named_in_the_readme_of_its_package(package):
    text = (package / "README.md").read_text(encoding="utf-8")

    missing = [
        name for name in modules(package) if not re.search(rf"(?<![\w/]){re.escape(name)}", text)
    ]

    if str(package.relative_to(ROOT)) in EXCEPT:
        assert missing, "it names all its modules now: take it out of EXCEPT"
    else:
        assert missing == []
