"""Exports of a small blog, written for the tests."""

from html import escape
from pathlib import Path

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"
  xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
  xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>The Old Sheet</title>
<link>https://old.example.org</link>
<language>en-US</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_blog_url>https://old.example.org</wp:base_blog_url>
"""
FOOT = "</channel></rss>\n"


def wxr(*parts: str) -> str:
    return HEAD + "".join(parts) + FOOT


def save(folder: Path, *parts: str) -> Path:
    file = folder / "export.xml"
    file.write_text(wxr(*parts), encoding="utf-8")
    return file


def author(login: str, name: str) -> str:
    return (
        f"<wp:author><wp:author_login>{login}</wp:author_login>"
        f"<wp:author_email>{login}@example.com</wp:author_email>"
        f"<wp:author_display_name>{escape(name)}</wp:author_display_name></wp:author>"
    )


def category(slug: str, name: str, parent: str = "", number: int = 0) -> str:
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id>"
        f"<wp:category_nicename>{slug}</wp:category_nicename>"
        f"<wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name>{escape(name)}</wp:cat_name></wp:category>"
    )


def filed(kind: str, slug: str, name: str) -> str:
    return f'<category domain="{kind}" nicename="{slug}">{escape(name)}</category>'


def meta(name: str, value: str) -> str:
    return (
        f"<wp:postmeta><wp:meta_key>{name}</wp:meta_key>"
        f"<wp:meta_value>{escape(value)}</wp:meta_value></wp:postmeta>"
    )


def item(number: int, *more: str, **said: str) -> str:
    """Return an item; `said` replaces what an ordinary post says."""
    kind = said.pop("kind", "post")
    texts = {
        "title": f"Story {number}",
        "link": f"https://old.example.org/{kind}/story-{number}/",
        "dc:creator": "ann",
        "content:encoded": said.pop("content", "<p>Some words.</p>"),
        "excerpt:encoded": said.pop("excerpt", ""),
        "wp:post_id": str(number),
        "wp:post_date": "2019-03-04 12:00:00",
        "wp:post_date_gmt": "2019-03-04 10:00:00",
        "wp:post_name": f"story-{number}",
        "wp:status": "publish",
        "wp:post_parent": "0",
        "wp:menu_order": "0",
        "wp:post_type": kind,
        "wp:post_password": "",
    }
    texts |= {_long(name): value for name, value in said.items()}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in texts.items())
    return f"<item>{inner}{''.join(more)}</item>\n"


def picture(number: int, file: str, *more: str, **said: str) -> str:
    """Return an attachment whose file stood at this place in the uploads."""
    address = f"https://old.example.org/wp-content/uploads/{file}"
    shown = f"<wp:attachment_url>{address}</wp:attachment_url>"
    said = {"status": "inherit", "title": Path(file).stem, "content": "", **said}
    return item(number, shown, *more, kind="attachment", **said)


def _long(name: str) -> str:
    return name if name in ("title", "link", "guid", "pubDate") else f"wp:{name}"
