"""One newsroom's pages and words."""

import base64
import hashlib
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from tamizdat.lib.newsroom import Look, NewsroomError
from tamizdat.lib.theme import Theme, direction, stylesheet, theme


@pytest.fixture
def house(newsroom, tmp_path):
    """A newsroom whose theme folder a test may fill."""
    (tmp_path / "theme/parts").mkdir(parents=True)
    (tmp_path / "theme/locale").mkdir()
    return replace(newsroom, folder=tmp_path, name="The <Test> & Sheet")


def strip(theme, language="en", sentence="Read."):
    return theme.render("parts/strip.html", language, support_href="#", sentence=sentence)


def test_a_page_speaks_its_language_and_runs_its_way(house):
    page = Theme(house).render("counter/base.html", "fa")

    assert '<html lang="fa" dir="rtl">' in page
    assert "بازگشت به" in page


def test_everything_shown_is_escaped(house):
    shown = strip(Theme(house), sentence="<script>x</script>")

    assert "<script>" not in shown
    assert "&lt;script&gt;x&lt;/script&gt;" in shown


def test_a_template_that_shows_what_nobody_gave_fails_loudly(house):
    with pytest.raises(UndefinedError):
        Theme(house).render("parts/strip.html", "en", sentence="no link given")


def test_a_newsroom_replaces_a_template_and_builds_on_ours(house):
    (house.theme / "parts/strip.html").write_text("<p>ours: {{ sentence }}</p>", encoding="utf-8")
    (house.theme / "page.html").write_text(
        '{% extends "tamizdat/counter/base.html" %}{% block main %}own words{% endblock %}',
        encoding="utf-8",
    )
    made = Theme(house)

    assert strip(made) == "<p>ours: Read.</p>"
    assert "own words" in made.render("page.html", "en")


def test_a_newsroom_changes_a_word_and_keeps_the_others(house):
    (house.theme / "locale/ru.po").write_text('msgid "Read more"\nmsgstr "Ещё"\n', encoding="utf-8")
    made = Theme(house)

    assert made.text("Read more", "ru") == "Ещё"
    assert made.text("Not now", "ru") == "Не сейчас"


def test_a_word_without_a_translation_stays_english(house):
    assert Theme(house).text("No catalogue holds this", "uk") == "No catalogue holds this"


@pytest.mark.parametrize(
    ("count", "word"),
    [(1, "Исправление"), (2, "Исправления"), (5, "Исправления")],
)
def test_plural_forms_follow_the_language(house, count, word):
    said = (
        Theme(house)
        .environment("ru")
        .from_string('{{ ngettext("Correction", "Corrections", count) }}')
    )

    assert said.render(count=count) == word


def test_the_policy_lets_in_only_our_own_style_and_script(house):
    made = Theme(house)
    page = made.render("counter/base.html", "en")

    for tag in ("style", "script"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in made.policy()
    assert "default-src 'none'" in made.policy()
    assert f"form-action 'self' {house.addresses.counter} {house.addresses.till}" in made.policy()


def test_a_newsroom_sets_its_accent_and_adds_rules(house):
    (house.theme / "style.css").write_text(".own { color : red ; }", encoding="utf-8")
    css = Theme(replace(house, look=Look(accent="#114488"))).style()

    assert "--accent:#114488;" in css
    assert "--on-accent:#ffffff;" in css
    assert css.endswith(".own{color :red}")


def test_a_newsroom_adds_its_own_script_and_the_policy_lets_it_in(house):
    (house.theme / "script.js").write_text("(() => 1 < 2)()\n", encoding="utf-8")
    made = Theme(house)

    page = made.render("counter/base.html", "en")

    inside = re.search("<script>(.*?)</script>", page, re.DOTALL)[1]
    bare = Theme(replace(house, folder=house.folder / "bare")).script()
    assert inside == f"{bare};\n(() => 1 < 2)()\n"
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in made.policy()


def test_a_page_carries_only_the_rules_that_it_needs(house):
    made = Theme(house)
    body = '<main><blockquote class="box">Words.</blockquote></main>'

    assert "blockquote{" in made.style(body)
    assert ".box{" in made.style(body)
    assert "table{" not in made.style(body)
    assert "table{" in made.style()


def test_the_policy_of_a_page_lets_in_what_that_page_carries(house):
    made = Theme(house)
    body = '<form data-stamp="subscribe"></form>'

    digest = base64.b64encode(hashlib.sha256(made.style(body).encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in made.policy(body)
    assert made.policy(body) != made.policy()


def test_a_process_that_prints_for_weeks_does_not_remember_every_page(house, monkeypatch):
    monkeypatch.setattr("tamizdat.lib.theme.REMEMBERED", 5)
    made = Theme(house)
    shades = [name for name, _ in stylesheet._shades()][:12]

    policies = {made.policy(f'<main><p class="{shade}">Words.</p></main>') for shade in shades}

    assert len(policies) == len(shades)
    assert len(made._styles) <= 5
    assert len(made._policies) <= 5


def test_what_a_newsroom_adds_stands_on_every_page(house):
    (house.theme / "style.css").write_text(".own{color:red}", encoding="utf-8")

    assert ".own{color:red}" in Theme(house).style("<p>No such class here.</p>")


def test_arabic_letters_have_faces_of_their_own_and_no_spacing(house):
    made = Theme(house)

    assert "Vazirmatn" in made.style(language="fa")
    assert "Charter" not in made.style(language="fa")
    assert ".08em" not in made.style(language="fa")
    assert ".08em" in made.style(language="ru")


def test_names_are_short_only_where_a_newsroom_cannot_speak_of_them(house):
    bare = Theme(replace(house, folder=house.folder / "bare"))
    (house.theme / "style.css").write_text("p{color:var(--accent)}", encoding="utf-8")

    assert "--accent" not in bare.style()
    assert "--accent:" in Theme(house).style()


def test_the_sign_in_the_tab_is_the_first_letter_of_the_name(house):
    icon = Theme(house).icon()

    assert icon.startswith("data:image/svg+xml,")
    assert "%3ET%3C/text" in icon  # of "<Test>": signs are passed over, and so is "The"
    assert " " not in icon


def test_a_logo_stands_in_the_page_itself(house):
    (house.theme / "name.svg").write_text("<svg/>", encoding="utf-8")
    page = Theme(replace(house, look=Look(logo="name.svg"))).render("counter/base.html", "en")

    assert (
        '<img src="data:image/svg+xml;base64,PHN2Zy8+" alt="The &lt;Test&gt; &amp; Sheet">' in page
    )


@pytest.mark.parametrize("logo", ["missing.svg", "name.exe"])
def test_a_logo_that_cannot_be_shown_is_refused(house, logo):
    (house.theme / "name.exe").write_bytes(b"")

    with pytest.raises(NewsroomError, match=re.escape(logo)):
        Theme(replace(house, look=Look(logo=logo))).render("counter/base.html", "en")


def test_a_changed_setting_reaches_readers_without_a_restart(house, monkeypatch):
    written = '[newsroom]\nname = "{}"\nlanguages = ["en"]\n[addresses]\n' + "\n".join(
        f'{role} = "http://{role}"' for role in ("edition", "counter", "desk", "till")
    )
    settings = house.folder / "tamizdat.toml"
    settings.write_text(written.format("Morning"), encoding="utf-8")
    monkeypatch.setenv("TAMIZDAT_NEWSROOM", str(house.folder))
    assert theme().newsroom.name == "Morning"

    settings.write_text(written.format("Evening"), encoding="utf-8")
    os.utime(settings, ns=(1, 1))

    assert theme().newsroom.name == "Evening"


def test_a_file_that_only_its_owner_makes_readable_again_is_read_again(house, monkeypatch):
    """It has the time that it had: `chmod` and `chown` change no time of a file's text."""
    written = '[newsroom]\nname = "{}"\nlanguages = ["en"]\n[addresses]\n' + "\n".join(
        f'{role} = "http://{role}"' for role in ("edition", "counter", "desk", "till")
    )
    settings = house.folder / "tamizdat.toml"
    house.data.mkdir(exist_ok=True)
    settings.write_text(written.format("Morning"), encoding="utf-8")
    monkeypatch.setenv("TAMIZDAT_NEWSROOM", str(house.folder))
    assert theme().newsroom.name == "Morning"
    settings.write_text(written.format("Evening"), encoding="utf-8")
    read = Path.read_bytes
    with monkeypatch.context() as unreadable:
        unreadable.setattr(Path, "read_bytes", lambda path: refuse(path, settings, read))
        assert theme().newsroom.name == "Morning"

    settings.chmod(0o640)

    assert theme().newsroom.name == "Evening"


def refuse(path, refused, read):
    if path == refused:
        raise PermissionError(13, "Permission denied")
    return read(path)


@pytest.mark.parametrize(("language", "way"), [("fa", "rtl"), ("uk", "ltr")])
def test_direction(language, way):
    assert direction(language) == way


def test_while_an_edition_is_printed_its_look_stays_the_same(house):
    own = house.theme / "parts/strip.html"
    own.write_text("<p>before</p>", encoding="utf-8")
    made = Theme(house)
    assert strip(made) == "<p>before</p>"

    with made.settled():
        own.write_text("<p>after, and longer</p>", encoding="utf-8")
        assert strip(made) == "<p>before</p>"

    assert strip(made) == "<p>after, and longer</p>"
