"""Names that words.md has replaced do not come back. Identifiers are read from the syntax tree."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: For each part of the program: retired word -> what it is called now. Words of identifiers, in
#: small letters; the sentences that are names of tests may use those in `ENGLISH`.
RETIRED = {
    "tamizdat/press": {
        "aside": "background",
        "doubted": "stale",
        "edge": "score threshold",
        "followed": "invalidated key",
        "kin": "related articles",
        "akin": "related",
        "kinship": "related articles",
        "leaf": "output file",
        "leaves": "output files",
        "linger": "retired",
        "lingering": "retired",
        "lingers": "retired",
        "need": "dependency",
        "needing": "depending on",
        "needs": "dependencies",
        "renewal": "re-render run",
        "renewals": "re-render runs",
        "reprint": "re-render job",
        "reprinted": "rendered again",
        "reprinting": "re-rendering",
        "reprints": "re-render jobs",
        "shelf": "list entry",
        "shelves": "lists",
        "shelving": "list updates",
    },
    "tamizdat/press/related": {
        "answer": "ranked ids",
        "answers": "ranked ids",
        "due": "queued",
        "look": "content hash",
        "looks": "content hashes",
        "newest": "postings",
        "stands": "article count",
        "stem": "term prefix",
        "stems": "term prefixes",
    },
    "bench/_behind.py": {"reprint": "rerender"},
    "bench/_relating.py": {"kinship": "related articles", "looks": "content hashes"},
    "bench/related.py": {"answer": "ranked ids", "stands": "article count"},
    "tests/soak/killing_publisher.py": {"leaf": "output file", "reprint": "rerender"},
    "tests/side_by_side.py": {"leaves": "output files", "needs": "dependencies"},
}
for _part in ("counter", "providers", "till", "wishes"):
    RETIRED[f"tamizdat/support/{_part}"] = {
        "gift": "contribution",
        "gifts": "contributions",
        "notice": "webhook event",
        "notices": "webhook events",
        "stray": "unmatched charge",
        "strays": "unmatched charges",
    }
ENGLISH = {"aside", "followed", "leaves", "need", "needs"}
#: Tables that the migration press.0005 renamed: statements of SQL name them in texts.
TABLES = re.compile(r"\bpress_(leaf|reprint|renewal|followed|need|shelf|kinship|stem)\b")
#: The models that it renamed, as documents name them.
MODELS = re.compile(r"`(Leaf|Reprint|Renewal|Followed|Need|Shelf|Kinship|Stem)\b")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def test_identifiers_are_read_as_words():
    tree = ast.parse("class _KinShip(Leaf, x=aSide): HTMLEdge: a.doubted_by\nimport b.kin as c_d")

    assert sorted({word for name, _ in names_in(tree) for word in words_of(name)}) == sorted(
        ["kin", "ship", "leaf", "x", "a", "side", "html", "edge", "doubted", "by", "b", "c", "d"]
    )


@pytest.mark.parametrize("place", RETIRED)
def test_no_retired_name_comes_back(place):
    files = python_files(place)
    assert files, f"{place} has moved: its retired words are to move with it"

    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}: say {RETIRED[place][word]!r}, not {word!r}"
        for path in files
        for name, line in names_in(tree_of(path))
        for word in words_of(name)
        if word in RETIRED[place] and not (name.startswith("test_") and word in ENGLISH)
    ]

    assert not found, "\n".join(found)


def test_no_statement_names_a_renamed_table():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for place in ("tamizdat", "tests", "bench")
        for path in python_files(place)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TABLES.search(node.value)
    ]

    assert not found, "\n".join(found)


def test_no_document_names_a_renamed_model():
    found = [
        f"{path.relative_to(ROOT)}: {name.group()}`"
        for folder in ("docs", "tamizdat", "bench", "tests")
        for path in (*ROOT.glob("*.md"), *(ROOT / folder).rglob("*.md"))
        for name in MODELS.finditer(path.read_text(encoding="utf-8"))
    ]

    assert not found, "\n".join(found)


def python_files(place: str) -> list[Path]:
    """Return a part's files. Migrations, and their tests, name what was there before."""
    path = ROOT / place
    every = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return [
        one
        for one in every
        if "migrations" not in one.parts and one.name != "test_migrations.py" and one.is_file()
    ]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def names_in(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield each name that is defined or used, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name, node.lineno
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name, node.lineno
            case ast.AsyncFunctionDef(name=name):
                yield name, node.lineno
            case ast.keyword(arg=str(name)):
                yield name, node.lineno
            case ast.alias(name=name, asname=asname):
                yield name, node.lineno
                yield asname or "", node.lineno


def words_of(name: str) -> list[str]:
    """Return the words of an identifier: `_KinShip` is "kin" and "ship"."""
    return [word.lower() for word in WORD.findall(name)]
