"""No module imports itself by way of others, not even late; and no package has grown too large."""

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
MOST = 20  # files of one package
# Files of a room that lie in none of its packages.
AT_THE_TOP = {"press": 12} | dict.fromkeys(
    ("desk", "letters", "lib", "readers", "site", "support"), MOST
)

Imports = Mapping[str, frozenset[str]]


def test_no_module_imports_itself_by_way_of_others():
    assert [*circles(imports())] == []


@pytest.mark.parametrize(
    ("found", "circle"),
    [
        pytest.param({"a": {"b"}, "b": {"c"}, "c": set()}, [], id="a line"),
        pytest.param({"a": {"b", "c"}, "b": {"d"}, "c": {"d"}, "d": set()}, [], id="two ways"),
        pytest.param({"a": {"b"}, "b": {"a"}, "c": {"a"}}, [["a", "b"]], id="two of three"),
        pytest.param({"a": {"b"}, "b": {"c"}, "c": {"a"}}, [["a", "b", "c"]], id="three"),
    ],
)
def test_a_circle_is_found(found, circle):
    assert [*circles(found)] == circle


def test_imports_in_functions_are_seen():
    assert "tamizdat.press.actions" in imports()["tamizdat.press.receivers"]


@pytest.mark.parametrize(("room", "at_the_top"), AT_THE_TOP.items())
def test_a_package_fits_on_a_screen(room, at_the_top):
    folder = HOUSE / "tamizdat" / room
    files = (path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    sizes = Counter(path.parent for path in files)

    assert sizes.pop(folder) <= at_the_top
    assert {str(package): size for package, size in sizes.items() if size > MOST} == {}


@cache
def imports() -> Imports:
    """Return what each module imports of ours, wherever in it; what only types need is not run."""
    files = {}
    for path in (HOUSE / "tamizdat").rglob("*.py"):
        if not {"tests", "migrations"} & set(path.parts):
            name = ".".join(path.relative_to(HOUSE).with_suffix("").parts)
            files[name.removesuffix(".__init__")] = path
    return {
        name: frozenset(set(imported(path)) & files.keys() - {name}) for name, path in files.items()
    }


def imported(path: Path) -> Iterator[str]:
    for node in executed(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            # A package that is asked only for its modules need not be there whole.
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from modules
            if not all(is_module(name) for name in modules):
                yield node.module


def is_module(name: str) -> bool:
    place = HOUSE / name.replace(".", "/")
    return place.is_dir() or place.with_suffix(".py").is_file()


def executed(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree, but not into `if TYPE_CHECKING:`."""
    yield node
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from executed(child)


def circles(found: Mapping[str, set[str] | frozenset[str]]) -> Iterator[list[str]]:
    """Yield each set of modules that all lead to each other."""
    reached = {name: reach(name, found) for name in found}
    seen = set[str]()
    for name in sorted(found):
        circle = {other for other in reached[name] if name in reached.get(other, ())}
        if circle and name not in seen:
            seen |= circle
            yield sorted(circle)


def reach(start: str, found: Mapping[str, set[str] | frozenset[str]]) -> set[str]:
    """Return all modules that one leads to; itself only by way of others."""
    reached, waiting = set[str](), list(found[start])
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += found[name]
    return reached
