"""Write a newsroom's stories out for a small Wagtail site: `python -m bench.peer.stories FROM TO`.

That site gets its bodies as finished HTML, as Hugo does.
"""

import json
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from bench.peer import house
from tamizdat.site.boot import boot

LAYOUTS = Path(__file__).parent / "hugo/layouts"
DIRECTIONS = {"fa": "rtl"}


def main(newsroom: Path, folder: Path) -> None:
    """Write stories.json and each language's style."""
    languages = boot(newsroom).languages
    from tamizdat.desk import published

    folder.mkdir(parents=True)
    for language in languages:
        style = house.house(language, LAYOUTS)["looks"]["story"]["style"]
        (folder / f"{language}.css").write_text(style, encoding="utf-8")
    said = {
        "languages": {language: DIRECTIONS.get(language, "ltr") for language in languages},
        "sections": {
            language: {section.slug: section.name for section in published.sections(language)}
            for language in languages
        },
        "stories": [story for language in languages for story in _stories(language)],
    }
    (folder / "stories.json").write_text(json.dumps(said), encoding="utf-8")


def _stories(language: str) -> Iterator[dict[str, Any]]:
    from tamizdat.desk import published

    for article in published.articles(published.live_ids(language)).values():
        card = article.card
        yield {
            "language": language,
            "section": card.section.slug if card.section else "",
            "title": card.headline,
            "slug": Path(card.path).stem,
            "kicker": card.kicker,
            "standfirst": card.standfirst,
            "names": ", ".join(card.names),
            "published": card.published.isoformat(),
            "picture": card.lead.picture.renditions[0].path if card.lead else "",
            "caption": card.lead.caption if card.lead else "",
            "topics": ", ".join(topic.name for topic in article.topics)[:400],
            "body": "\n".join(_block(block) for block in article.body),
        }


def _block(block: Any) -> str:
    kind = type(block).__name__
    if kind == "Text":
        return str(block.html)
    if kind == "Heading":
        return f"<h2>{escape(block.text)}</h2>"
    if kind == "Quote":
        return f"<blockquote><p>{escape(block.text)}</p></blockquote>"
    if kind == "Items":
        return f"<ul>{''.join(f'<li>{item}</li>' for item in block.items)}</ul>"
    assert kind == "Figure", f"archives hold no {kind}"
    picture = escape(block.use.picture.renditions[0].path)
    return f'<p><img src="/{picture}" alt="{escape(block.use.alt)}"></p>'


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
