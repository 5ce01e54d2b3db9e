"""The English wire: Reuters-21578, with its topics, places and organisations as labels."""

import html
import re
from collections import Counter

from bench.archive.wire import Story, folder, paragraphs

MOST = 0.25  # a label on more of the stories says nothing: "usa"
SHORTEST = 20  # words
KINDS = ("TOPICS", "PLACES", "ORGS")


def stories() -> list[Story]:
    """Return every story that has a headline and a text, in the order of the files."""
    read = [
        story
        for file in sorted(folder("reuters21578").glob("*.sgm"))
        for raw in file.read_text(encoding="latin-1").split("<REUTERS ")[1:]
        if (story := _story(raw)) is not None
    ]
    spread = Counter(label for story in read for label in story.labels)
    common = {label for label, n in spread.items() if n > MOST * len(read)}
    return [_without(story, common) for story in read]


def _story(raw: str) -> Story | None:
    headline = _clean(_between(raw, "TITLE"))
    body = html.unescape(_between(raw, "BODY"))
    body = re.sub(r"\s+(?:Reuter|REUTER)\s*\x03?\s*$", "", body)
    if not headline or len(body.split()) < SHORTEST:
        return None
    labels = [d for kind in KINDS for d in re.findall(r"<D>(.*?)</D>", _between(raw, kind))]
    return Story(
        headline=headline[0] + headline[1:].lower(),
        place=_clean(_between(raw, "DATELINE")).split(",")[0].title(),
        paragraphs=paragraphs(re.split(r"\n {4}", body)),
        labels=tuple(dict.fromkeys(label.replace("-", " ").capitalize() for label in labels)),
    )


def _between(raw: str, tag: str) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>", raw, re.DOTALL)
    return found[1] if found else ""


def _clean(raw: str) -> str:
    return " ".join(re.sub(r"&#\d+;|<[^>]*>", "", html.unescape(raw)).split())


def _without(story: Story, labels: set[str]) -> Story:
    kept = tuple(label for label in story.labels if label not in labels)
    return Story(story.headline, story.place, story.paragraphs, kept)
