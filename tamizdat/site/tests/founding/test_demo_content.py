"""The demonstration newsroom's own copy desk: what the loader may rely on."""

import re
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[2] / "demo" / "content"
Document = dict[str, Any]

BLOCKS = {
    "text": {"html"},
    "heading": {"text"},
    "picture": {"picture", "caption", "alt"},
    "quote": {"text", "attribution"},
    "list": {"ordered", "items"},
    "facts": {"title", "html"},
    "table": {"caption", "header", "rows"},
    "embed": {"url", "title", "provider", "picture"},
}
ROLES = {"by", "photographs", "translation", "additional reporting"}
FEWEST_WORDS = 350


def read(path: Path) -> Document:
    return tomllib.loads(path.read_text(encoding="utf-8"))


NEWSROOM = read(CONTENT / "newsroom.toml")
FILES = sorted(CONTENT.glob("articles/*/*.toml")) + sorted(CONTENT.glob("pages/*/*.toml"))
ARTICLES = [path for path in FILES if path.parts[-3] == "articles"]
ENGLISH = {path.stem: read(path) for path in ARTICLES if path.parent.name == "en"}


def label(path: Path) -> str:
    return "/".join(path.with_suffix("").parts[-3:])


every_file = pytest.mark.parametrize("path", FILES, ids=label)
every_article = pytest.mark.parametrize("path", ARTICLES, ids=label)


class Markup(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def markup_of(document: Document) -> Iterator[str]:
    for block in document["body"]:
        if "html" in block:
            yield block["html"]
        yield from block.get("items", [])


def words_of(document: Document) -> int:
    marked_up = sum(len(Markup(html).words) for html in markup_of(document))
    plain = sum(len(block.get("text", "").split()) for block in document["body"])
    return marked_up + plain


def pictures_of(document: Document) -> Iterator[Document]:
    if "lead" in document:
        yield document["lead"]
    yield from (block for block in document["body"] if "picture" in block)


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for child in value.values():
            yield from texts_of(child)
    elif isinstance(value, list):
        for child in value:
            yield from texts_of(child)


def slugs(kind: str) -> set[str]:
    named = [entry["slug"] for entry in NEWSROOM[kind]]
    assert len(named) == len(set(named)), f"two of kind {kind} share a slug"
    return set(named)


def shape(document: Document) -> list[tuple[object, ...]]:
    return [
        (
            block["type"],
            block.get("picture"),
            len(block.get("items", [])),
            [len(row) for row in block.get("rows", [])],
        )
        for block in document["body"]
    ]


@every_file
def test_a_text_lies_where_its_slug_and_language_say(path: Path) -> None:
    document = read(path)
    assert document["slug"] == path.stem
    assert document["language"] == path.parent.name
    assert document["language"] in NEWSROOM["languages"]


@every_file
def test_a_body_is_made_of_whole_blocks(path: Path) -> None:
    for block in read(path)["body"]:
        assert set(block) == BLOCKS[block["type"]] | {"type"}
        assert all(value != "" for value in block.values())
        assert all(len(row) == len(block["header"]) for row in block.get("rows", []))


@every_file
def test_markup_is_balanced_and_plain(path: Path) -> None:
    for html in markup_of(read(path)):
        markup = Markup(html)
        assert markup.tags <= {"p", "a", "strong", "b", "em", "i"}
        assert not markup.open


@every_file
def test_a_link_leads_to_an_article_that_exists(path: Path) -> None:
    for html in markup_of(read(path)):
        for link in Markup(html).links:
            kind, _, slug = link.partition(":")
            assert kind == "article", link
            assert slug in ENGLISH, link
            assert slug != path.stem, "an article that links to itself"


@every_file
def test_a_picture_is_known_and_described(path: Path) -> None:
    for use in pictures_of(read(path)):
        assert use["picture"] in slugs("picture")
        if use.get("type") != "embed":
            assert use["caption"].strip()
            assert use["alt"].strip()


@every_file
def test_quotation_marks_are_those_of_a_typesetter(path: Path) -> None:
    document = read(path)
    plain = [re.sub(r"<[^>]+>", "", text) for text in texts_of(document)]
    assert not [text for text in plain if '"' in text]
    if document["language"] == "en":
        assert not [text for text in plain if "'" in text]


@every_article
def test_an_article_names_only_what_the_newsroom_has(path: Path) -> None:
    article = read(path)
    assert article["section"] in slugs("section")
    assert set(article["topics"]) <= slugs("topic")
    assert article["topics"]
    assert {line["person"] for line in article["bylines"]} <= slugs("person")
    assert {line["role"] for line in article["bylines"]} <= ROLES
    assert article["bylines"][0]["role"] == "by"


@every_article
def test_an_article_has_a_believable_length_and_age(path: Path) -> None:
    article = read(path)
    assert words_of(article) >= FEWEST_WORDS
    assert 0 <= article["days_ago"] <= 45
    for correction in article.get("correction", []):
        assert 0 <= correction["days_ago"] < article["days_ago"]
        assert correction["text"].strip()
    assert all(article[key].strip() for key in ("kicker", "headline", "standfirst"))


@every_file
def test_a_translation_has_the_shape_of_its_original(path: Path) -> None:
    original = path.parents[1] / "en" / path.name
    document, english = read(path), read(original)
    assert shape(document) == shape(english)
    for key in ("section", "topics", "days_ago", "sensitive", "version", "bylines"):
        assert document.get(key) == english.get(key), key
    assert len(document.get("correction", [])) == len(english.get("correction", []))
    assert ("lead" in document) == ("lead" in english)
    if path in ARTICLES and document["language"] != "en":
        assert document["language"] in english["translate"]


def test_the_english_paper_is_complete() -> None:
    assert len(ENGLISH) >= 20
    assert {article["section"] for article in ENGLISH.values()} == slugs("section")
    kinds = {block["type"] for article in ENGLISH.values() for block in article["body"]}
    assert kinds == set(BLOCKS)
    assert any(article["sensitive"] for article in ENGLISH.values())
    assert any("lead" not in article for article in ENGLISH.values())
    assert any(article.get("correction") for article in ENGLISH.values())


def test_seven_articles_are_meant_for_russian_and_three_for_every_language() -> None:
    wanted = [set(article.get("translate", [])) for article in ENGLISH.values()]
    assert sum("ru" in languages for languages in wanted) == 7
    assert sum({"ru", "uk", "fa"} <= languages for languages in wanted) == 3


def test_the_pages_that_the_footer_promises_are_there() -> None:
    pages = {path.stem: read(path) for path in FILES if path not in ARTICLES}
    assert set(pages) >= {"about", "contact", "corrections", "privacy", "support-safely"}
    assert pages["privacy"]["version"] == "2"


def test_the_front_page_shows_only_what_was_written() -> None:
    front = NEWSROOM["front"]
    assert {front["lead"], *front["seconds"], front["live"]["article"]} <= set(ENGLISH)
    assert set(front["topics"]) <= slugs("topic")
    assert "lead" in ENGLISH[front["lead"]]


def test_every_section_says_whether_it_asks_for_money() -> None:
    assert {section["ask"] for section in NEWSROOM["section"]} == {"ask", "careful", "never"}
    orders = [section["order"] for section in NEWSROOM["section"]]
    assert orders == sorted(set(orders))


def test_people_and_pictures_are_fully_described() -> None:
    kinds = {person["kind"] for person in NEWSROOM["person"]}
    assert kinds == {"reporter", "agency", "pseudonym", "photographer"}
    for picture in NEWSROOM["picture"]:
        assert picture["file"] == f"{picture['slug']}.jpg"
        assert picture["credit"].strip()
        assert picture["scene"].strip()


def test_every_picture_and_person_appears_in_the_paper() -> None:
    used = {use["picture"] for article in ENGLISH.values() for use in pictures_of(article)}
    assert used == slugs("picture")
    names = {line["person"] for article in ENGLISH.values() for line in article["bylines"]}
    assert names == slugs("person")


def test_an_issue_lists_what_was_published_before_it() -> None:
    codes = {newsletter["code"] for newsletter in NEWSROOM["newsletter"]}
    for issue in NEWSROOM["issue"]:
        assert issue["newsletter"] in codes
        assert issue["articles"]
        for entry in issue["articles"]:
            assert ENGLISH[entry["slug"]]["days_ago"] > issue["days_ago"]
            assert entry["intro"].strip()
    assert {issue["newsletter"] for issue in NEWSROOM["issue"]} == codes


def test_forty_loaves_add_up() -> None:
    """The paper is about weighing: its readers will check the table."""
    body = ENGLISH["bread-by-the-gram"]["body"]
    table = next(block for block in body if block["type"] == "table")
    *districts, total = [[int(cell) for cell in row[1:]] for row in table["rows"]]
    assert [sum(row[column] for row in districts) for column in (0, 1)] == total[:2]
    assert sum(loaves * grams for _, loaves, grams, _ in districts) == total[1] * total[2]
    assert all(grams + missing == 800 for _, _, grams, missing in [*districts, total])
