"""Two processes never share a temporary file: who replaces a file does it by `lib.replacing`."""

import ast
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2] / "tamizdat"
# Who makes files by other means, and why no other process has the same one.
RENAMES = {
    "lib/replacing.py": "it is the means",
    "press/output/tree.py": "holds the publisher's lock; its files are named by process",
    "site/founding/newsroom.py": "moves a whole folder, which nobody knows yet",
}
WRITES = {
    "press/related/exchange.py": "in a folder of one bulk ranking job",
    "press/related/numpy_job.py": "in the same",
    "site/founding/newsroom.py": "in a folder that nobody knows yet",
    "site/health/disk.py": "a file of this process, which it takes away at once",
    "site/demo/making.py": "in a demonstration that is being made",
}
TEMPORARY = (".new", ".tmp", ".part", ".temp")


def test_files_are_renamed_into_place_by_one_module():
    assert who(renames) == set(RENAMES)


def test_nobody_writes_into_the_place_of_a_file():
    assert who(writes_in_place) == set(WRITES)


def test_nobody_else_names_a_temporary_file():
    assert who(names_temporary) <= set(RENAMES)


def who(does) -> set[str]:
    return {name for name, tree in modules() if any(map(does, ast.walk(tree)))}


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(
        (str(path.relative_to(HOUSE)), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(HOUSE.rglob("*.py"))
        if "tests" not in path.parts
    )


def renames(node: ast.AST) -> bool:
    """Say whether a call renames a file: `Path.replace` has one argument, that of texts has two."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if ast.unparse(node.func.value) in ("os", "shutil"):
        return node.func.attr in ("rename", "renames", "replace", "move")
    alone = len(node.args) == 1 and not node.keywords
    return alone and node.func.attr in ("rename", "replace")


def writes_in_place(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("write_text", "write_bytes"):
        return True
    opens = ast.unparse(node.func).rpartition(".")[2] == "open"
    said = [each.value for each in node.args if isinstance(each, ast.Constant)]
    return opens and not {"w", "wb", "w+b", "wt"}.isdisjoint(said)


def names_temporary(node: ast.AST) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    return node.value.endswith(TEMPORARY)
