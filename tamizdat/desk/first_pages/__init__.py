"""The pages that a newsroom starts with: honest, short, and there to be rewritten."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FirstPage:
    slug: str
    title: str
    html: str
    version: str = ""


def first_pages(language: str, newsroom: str) -> Iterator[FirstPage]:
    """Yield the first pages in this language, with the newsroom's name in them."""
    raw = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    for page in raw["page"]:
        html = page["html"].replace("{newsroom}", newsroom)
        yield FirstPage(page["slug"], page["title"], html, page.get("version", ""))
