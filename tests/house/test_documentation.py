"""What the documents name is there: links, commands, settings."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from tamizdat.lib import newsroom
from tamizdat.site.command import VERBS, tamizdat

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")


def documents():
    yield from sorted(ROOT.glob("*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from sorted((ROOT / "tamizdat").rglob("*.md"))


@pytest.mark.parametrize("path", list(documents()), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path):
    dead = [
        target
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]

    assert dead == []


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_explained_with_an_example(verb):
    command = tamizdat.get_command(None, verb)
    reference = (ROOT / "docs/reference/commands.md").read_text(encoding="utf-8")
    subcommands = getattr(command, "commands", {}).values()

    assert f"## `tamizdat {verb}" in reference
    for each in subcommands or [command]:
        assert "Example: tamizdat" in each.help.replace("\n", " ")


@pytest.mark.parametrize("part", ["Newsroom", "Addresses", "Look", "Support", "Mail"])
def test_every_setting_is_explained(part):
    reference = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    names = {field.name for field in fields(getattr(newsroom, part))}

    for name in names - {"folder", "addresses", "look", "support", "mail", "databases"}:
        assert f"`{name}`" in reference
