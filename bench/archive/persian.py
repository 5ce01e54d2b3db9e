"""A Persian wire: runs of words of the demonstration's own texts, as there is no corpus."""

import random
import re
import tomllib
from typing import Any

from bench.archive.wire import ROOT, Story, common_words, labelled, paragraphs

CONTENT = ROOT / "tamizdat/site/demo/content"
STORIES = 400
LABELS = 12
LETTERS = 5


def stories() -> list[Story]:
    """Return stories of plausible words without sense, always the same ones."""
    rng = random.Random("persian")
    words = " ".join(_texts()).split()
    texts = [_paragraphs(rng, words) for _ in range(STORIES)]
    stems = common_words([" ".join(words[at : at + 60]) for at in range(0, len(words), 60)],
                         LABELS, LETTERS)  # fmt: skip
    return [
        Story(_run(rng, words, 5, 9), "", paragraphs(text), labelled(" ".join(text), stems)[:4])
        for text in texts
    ]


def _paragraphs(rng: random.Random, words: list[str]) -> list[str]:
    return [
        " ".join(_run(rng, words, 6, 18) + "." for _ in range(rng.randint(2, 4)))
        for _ in range(rng.randint(5, 9))
    ]


def _run(rng: random.Random, words: list[str], least: int, most: int) -> str:
    length = rng.randint(least, most)
    start = rng.randrange(len(words) - length)
    return " ".join(words[start : start + length]).strip(" .؛،:")


def _texts() -> list[str]:
    """Return the running text of all Persian articles and plain pages."""
    found: list[str] = []
    for file in sorted(CONTENT.glob("*/fa/*.toml")):
        raw: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        found += [raw.get("standfirst", ""), *(block.get("html", "") for block in raw["body"])]
    return [re.sub(r"<[^>]*>", " ", text) for text in found]
