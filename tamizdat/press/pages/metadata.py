"""What machines read in a page's head: OpenGraph and JSON-LD (schema.org)."""

import json
from datetime import datetime
from typing import Any

from markupsafe import Markup

from tamizdat.desk.published import Article, Byline, Picture, Rendition
from tamizdat.press.pages.about import About
from tamizdat.press.pages.context import RenderContext

LOCALES = {"en": "en_US", "ru": "ru_RU", "uk": "uk_UA", "fa": "fa_IR"}
SHARED_WIDTH = 1200  # pixels, what those who show a link ask for


def opengraph(run: RenderContext, about: About, canonical: str) -> tuple[tuple[str, str], ...]:
    """Return the properties of a page, in order; none for pages that nobody should share."""
    if about.kind in ("notfound", "edition"):
        return ()
    name = run.newsroom.in_language(about.language).name
    said = [
        ("og:type", "article" if about.kind == "article" else "website"),
        ("og:title", about.title or name),
        ("og:description", about.description),
        ("og:url", canonical),
        ("og:site_name", name),
        ("og:locale", LOCALES.get(about.language, about.language)),
        *_image(run, about),
        ("article:published_time", _moment(about.published)),
        ("article:modified_time", _moment(about.updated)),
    ]
    return tuple((name, value) for name, value in said if value)


def script(said: dict[str, Any]) -> Markup:
    """Return JSON that is safe inside `<script>`: nothing in it can end the element."""
    if not said:
        return Markup()
    raw = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        raw = raw.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(raw)  # noqa: S704  made safe just above


def news_article(run: RenderContext, article: Article) -> dict[str, Any]:
    """Return an article as schema.org's NewsArticle."""
    card = article.card
    address = run.address(card.path)
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": address,
        "headline": card.headline,
        "description": card.standfirst,
        "inLanguage": card.language,
        "datePublished": _moment(card.published),
        "dateModified": _moment(article.updated or card.published),
        "author": [_author(byline) for byline in article.bylines if byline.role == "by"],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": run.newsroom.in_language(card.language).name,
        },
        "image": [run.origin + shared(card.lead.picture).path] if card.lead else [],
        "articleSection": card.section.name if card.section else "",
        "wordCount": article.words,
        "correction": [
            {"@type": "CorrectionComment", "text": fix.text, "datePublished": _moment(fix.at)}
            for fix in article.corrections
        ],
    }
    return {name: value for name, value in said.items() if value not in ("", [])}


def shared(picture: Picture) -> Rendition:
    """Return the JPEG to show where somebody links to a page."""
    jpegs = [r for r in picture.renditions if r.form == "jpg"] or list(picture.renditions)
    return min(jpegs, key=lambda r: abs(r.width - SHARED_WIDTH))


def _image(run: RenderContext, about: About) -> list[tuple[str, str]]:
    if about.image is None or not about.image.picture.renditions:
        return []
    rendition = shared(about.image.picture)
    return [
        ("og:image", run.origin + rendition.path),
        ("og:image:width", str(rendition.width)),
        ("og:image:height", str(rendition.height)),
        ("og:image:alt", about.image.alt),
    ]


def _author(byline: Byline) -> dict[str, str]:
    kind = "Organization" if byline.person.kind == "agency" else "Person"
    return {"@type": kind, "name": byline.person.name}


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
