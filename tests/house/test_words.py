"""Every word that readers see is there in every language we ship."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2.ext import babel_extract

from tamizdat.lib.locales.translations import catalogue
from tamizdat.lib.newsroom import LANGUAGES
from tamizdat.support.pretend.cards import CARDS

HOUSE = Path(__file__).parents[2] / "tamizdat"
THEME = HOUSE / "theme"
FOREIGN = [language for language in LANGUAGES if language != "en"]
OPTIONS = {"trimmed": "true", "newstyle_gettext": "true", "silent": "false"}

Message = str | tuple[str, str]


def test_the_house_has_words():
    assert "Read more" in messages_in_the_house()
    assert ("Correction", "Corrections") in messages_in_the_house()


@pytest.mark.parametrize("language", FOREIGN)
def test_every_word_is_translated(language):
    words = catalogue(THEME / f"locale/{language}.po", language)
    wanted = messages_in_the_house()

    missing = [
        f"{wanted[message]}: {message}"
        for message in wanted
        if not said(words, message) or words.get(key(message)).fuzzy
    ]

    assert not missing, "\n".join([f"not said in {language}:", *missing])


@pytest.mark.parametrize("language", FOREIGN)
def test_every_translation_fills_in_the_same_things(language):
    words = catalogue(THEME / f"locale/{language}.po", language)

    for message in messages_in_the_house():
        for form in said(words, message):
            assert blanks(form) == blanks(key(message)), form


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_a_newsrooms_name_stands_undeclined_in_quotes(language):
    words = catalogue(THEME / f"locale/{language}.po", language)
    named = [str(word.string) for word in words if "%(name)s" in str(word.string)]

    assert named
    assert [form for form in named if "«%(name)s»" not in form] == []


@pytest.mark.parametrize("language", FOREIGN)
def test_no_word_is_kept_that_nothing_says(language):
    wanted = messages_in_the_house()
    kept = [word.id for word in catalogue(THEME / f"locale/{language}.po", language) if word.id]

    assert [word for word in kept if word not in wanted] == []


@cache
def messages_in_the_house() -> dict[Message, str]:
    """All words of templates and doors, each with a place where it stands."""
    found: dict[Message, str] = {}
    for message, place in (*in_templates(), *in_python(), *in_tables()):
        found.setdefault(message, place)
    return found


def in_templates() -> Iterator[tuple[Message, str]]:
    for path in sorted((THEME / "templates").rglob("*.*")):
        with path.open("rb") as file:
            for line, call, said_there, _ in babel_extract(
                file, ("_", "gettext", "ngettext"), [], OPTIONS
            ):
                message = said_there
                if isinstance(said_there, tuple):
                    message = said_there[:2] if call == "ngettext" else said_there[0]
                if message is not None:
                    yield message, f"{path.relative_to(HOUSE)}:{line}"


def in_python() -> Iterator[tuple[Message, str]]:
    """Words in `_("…")` and `theme.text("…", language)`."""
    for path in sorted(HOUSE.rglob("*.py")):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and speaks(node.func) and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value, f"{path.relative_to(HOUSE)}:{node.lineno}"


def in_tables() -> Iterator[tuple[Message, str]]:
    """Words that a template says by a name: what stands beside the test cards."""
    for card in CARDS.values():
        yield card.about, "support/pretend/cards.py"


def speaks(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "_"
    return bool(re.fullmatch(r"(.*\.)?theme(\(\))?\.text", ast.unparse(called)))


def key(message: Message) -> str:
    return message[0] if isinstance(message, tuple) else message


def said(words, message: Message) -> list[str]:
    word = words.get(key(message))
    if word is None:
        return []
    forms = word.string if isinstance(word.string, tuple) else (word.string,)
    return list(forms) if all(forms) else []


def blanks(text: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)s", text))
