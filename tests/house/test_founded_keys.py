"""Whatever the desk seals, links or opens gets its key from `founded_keys`, which knows ours."""

import ast
from pathlib import Path

TAMIZDAT = Path(__file__).parents[2] / "tamizdat"
READS_A_FILE = {"reader_public", "letters_key", "shared_secret"}
MAY = {
    "readers/keys/__init__.py",
    "readers/keys/founded_keys.py",
    "letters/delivery/resealing.py",  # used by a migration from before there was a table of keys
}


def readers_of_files(path):
    """Yield the lines in which a file's key is read without asking whether it is ours."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "tamizdat.readers.keys":
            yield from (node.lineno for each in node.names if each.name in READS_A_FILE)
        if isinstance(node, ast.Attribute) and node.attr in READS_A_FILE:
            of = node.value
            if isinstance(of, ast.Name) and of.id == "keys":
                yield node.lineno


def test_nobody_else_reads_a_key_s_file():
    found = {
        f"{name}:{line}"
        for path in TAMIZDAT.rglob("*.py")
        if (name := str(path.relative_to(TAMIZDAT))) not in MAY
        and not {"tests", "migrations"} & set(path.parts)
        for line in readers_of_files(path)
    }

    assert found == set()
    for name in MAY - {"readers/keys/__init__.py"}:
        assert any(readers_of_files(TAMIZDAT / name)), f"{name} need not be allowed"
