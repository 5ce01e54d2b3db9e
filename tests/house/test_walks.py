"""ARCHITECTURE.md leads through the program in four walks: each hop is there, and none is long."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_HOPS = 10
HOP = re.compile(r"^\d+\. `(?P<file>[\w/]+\.py)` `(?P<name>\w+)`:", re.MULTILINE)
NUMBERED = re.compile(r"^\d+\. .*$", re.MULTILINE)
WALKS = ("An article to a reader", "An address to a letter", "A card to the books",
         "A new theme to all pages")  # fmt: skip


def walk(title):
    """Return the text of one walk."""
    said = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    begun = said.partition(f"**{title}**\n")[2]
    assert begun, f"there is no walk “{title}”"
    return re.split(r"^(?:\*\*|## )", begun, maxsplit=1, flags=re.MULTILINE)[0]


def names(file):
    """Return the functions and classes of a file, those inside classes among them."""
    tree = ast.parse((ROOT / "tamizdat" / file).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize("title", WALKS)
def test_each_hop_of_a_walk_is_there(title):
    hops = HOP.findall(walk(title))

    assert len(hops) == len(NUMBERED.findall(walk(title)))
    assert 1 < len(hops) <= MOST_HOPS
    assert [(file, name) for file, name in hops if name not in names(file)] == []
