"""A typing error in the newsroom's own theme takes no page of counter and till away."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tamizdat.lib import alerts
from tamizdat.lib.theme import fallback, set_theme
from tamizdat.readers.counter.answers import page

BROKEN = {
    "a tag is left open": ("counter/broken.html", b"{% if"),
    "a filter nobody knows": ("counter/broken.html", b"{{ 1 | sparkle }}"),
    "a value that nobody gives": ("counter/broken.html", b"{{ colour }}"),
    "a template that builds on itself": (
        "counter/base.html",
        b'{% extends "counter/base.html" %}',
    ),
    "a template in another encoding": ("counter/base.html", b"\xcf\xf0\xe8\xe2\xe5\xf2"),
    "a style in another encoding": ("style.css", b"\xcf\xf0\xe8"),
    "a script in another encoding": ("script.js", b"\xcf\xf0\xe8"),
    "a catalogue that is none": ("locale/ru.po", b'msgid "Support us"\nmsg "?"'),
}


@pytest.fixture
def own_theme() -> Iterator[Path]:
    """The newsroom's theme folder, empty before and after."""
    folder = settings.NEWSROOM.theme
    yield folder
    _empty(folder)
    set_theme(None)


def _empty(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()
        else:
            path.unlink()


@pytest.mark.parametrize(
    ("name", "content"), [pytest.param(*case, id=said) for said, case in BROKEN.items()]
)
def test_a_reader_sees_the_page_in_our_look_and_the_desk_hears_of_it(
    own_theme: Path, name: str, content: bytes
) -> None:
    set_theme(None)
    ours = page("counter/broken.html", "ru")

    (own_theme / name).parent.mkdir(parents=True, exist_ok=True)
    (own_theme / name).write_bytes(content)
    set_theme(None)
    answer = page("counter/broken.html", "ru")

    assert answer.status_code == ours.status_code
    assert answer.content == ours.content
    assert answer.headers == ours.headers
    (alert,) = alerts.standing(settings.NEWSROOM.data)
    assert (alert.key, alert.what) == ("theme-counter-broken", fallback.WHAT)

    _empty(own_theme)
    set_theme(None)
    assert page("counter/broken.html", "ru").content == ours.content
    assert alerts.standing(settings.NEWSROOM.data) == []


def test_what_was_said_of_a_file_goes_when_the_theme_is_changed_and_not_before(
    own_theme: Path,
) -> None:
    newsroom = settings.NEWSROOM
    broken = own_theme / "counter/broken.html"
    broken.parent.mkdir(parents=True, exist_ok=True)
    broken.write_text("{% if")
    set_theme(None)
    page("counter/broken.html", "ru")

    fallback.forget_changed(newsroom)
    assert alerts.standing_under(newsroom.data, "theme-") == ["counter-broken"]

    told = newsroom.data / "alerts/theme-counter-broken.json"
    os.utime(told, (told.stat().st_mtime - 60,) * 2)  # it was told a minute ago
    broken.unlink()
    fallback.forget_changed(newsroom)
    assert alerts.standing_under(newsroom.data, "theme-") == []
