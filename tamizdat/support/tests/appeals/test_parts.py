from dataclasses import replace

import pytest

from tamizdat.lib import theme as themes
from tamizdat.press import parts as slot
from tamizdat.press.parts import Place
from tamizdat.support.parts import Support

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def asking(settings, newsroom):
    """Set the newsroom's policy, and print with it."""

    def ask(**policies):
        policies = {name.replace("_", ":"): value for name, value in policies.items()}
        support = replace(
            newsroom.support, ask=policies, careful_time_zones=("Europe/Moscow", "Europe/Minsk")
        )
        settings.NEWSROOM = replace(newsroom, support=support)
        themes.set_theme(themes.Theme(settings.NEWSROOM))
        return Support()

    yield ask
    themes.set_theme(None)


def place(language="en", section=None, *, sensitive=False):
    return Place(language, "article", section, sensitive, link=lambda path: f"../../{path}")


def test_where_we_ask_there_is_a_line_and_a_box(asking, newsroom):
    part = asking(default="ask")

    strip, box = part.fragment("strip", place()), part.fragment("appeal", place())

    assert "../../en/support.html" in strip
    assert f'action="{newsroom.addresses.counter}/en/give"' in box
    assert "A message from the editors" in box
    assert "The Test Sheet is paid for by its readers." in box
    assert "<template" not in box


def test_where_we_are_careful_everybody_without_a_script_gets_the_safe_text(asking):
    part = asking(default="careful")

    box = part.fragment("appeal", place("ru"))
    seen = box.split("<template")[0]

    assert "Читать — уже достаточно" in seen
    assert "<form" not in seen
    assert "<form" in box
    assert "Europe/Moscow" in box


def test_where_we_are_careful_a_reminder_waits_inside_the_ask(asking):
    part = asking(default="careful")

    seen, _, waiting = part.fragment("appeal", place("ru")).partition("<template")

    assert part.fragment("strip", place("ru")) == ""
    assert "Вы просили напомнить" in waiting
    assert "Вы просили напомнить" not in seen


def test_where_we_never_ask_nothing_can_be_given(asking):
    part = asking(default="ask", fa="never")

    box = part.fragment("appeal", place("fa"))

    assert "خواندن کافی است" in box
    assert "<form" not in box
    assert part.fragment("strip", place("fa")) == ""


def test_a_sensitive_article_asks_for_nothing(asking):
    part = asking(default="ask")

    assert [
        part.fragment(each, place(sensitive=True)) for each in ("strip", "appeal", "front")
    ] == [
        "",
        "",
        "",
    ]


def test_a_section_may_be_left_alone(asking):
    part = asking(default="ask", section_courts="never")

    assert "<form" not in part.fragment("appeal", place(section="courts"))
    assert "<form" in part.fragment("appeal", place(section="culture"))


def test_the_sign_up_box_is_somebody_elses(asking):
    assert asking(default="ask").fragment("newsletter", place()) == ""


def test_each_language_has_a_page_about_giving(asking):
    pages = list(asking(default="ask").pages())

    assert [page.path for page in pages] == [f"{x}/support.html" for x in ("en", "ru", "uk", "fa")]
    assert pages[0].context["countries"] == "Belarus, Russia"
    assert "policy" not in pages[0].context, "it is the frame's word for something else"


def test_the_part_is_in_the_slot():
    assert "support" in [part.name for part in slot.registered()]
