"""A look that changes while pages are printed reaches every page, whoever was quicker."""

import pytest

from tamizdat.lib import theme as themes
from tamizdat.press.build import publication, site_fingerprint
from tamizdat.press.build.planner import Plan
from tamizdat.press.build.publication import Publication

RED, BLUE = "body{color:red}", "body{color:blue}"


@pytest.fixture
def styled(newsdesk, own_newsroom):
    """A newsroom with a style of its own, and an article in it."""
    newsdesk.style = own_newsroom.theme / "style.css"
    newsdesk.style.write_text(RED)
    newsdesk.article("Verdict")
    newsdesk.publish()
    return newsdesk


def colours(edition):
    pages = [raw for path, raw in edition.files().items() if path.endswith(".html")]
    return {colour for colour in (b"color:red", b"color:blue") for page in pages if colour in page}


def changed_before(monkeypatch, place, name, change):
    """Have something changed just before a step of the next publication."""
    own, done = getattr(place, name), []

    def step(*arguments, **more):
        if not done:
            done.append(change())
        return own(*arguments, **more)

    monkeypatch.setattr(place, name, step)


def test_a_style_that_changes_after_it_was_read_is_printed_next(styled, edition, monkeypatch):
    def read_and_change():
        themes.theme().style()
        styled.style.write_text(BLUE)

    themes.set_theme(None)
    changed_before(monkeypatch, Publication, "_plan", read_and_change)
    styled.publish()
    styled.publish()

    assert colours(edition) == {b"color:blue"}


def test_a_style_that_is_tried_and_taken_back_leaves_no_page_in_it(styled, edition, monkeypatch):
    """It is as it was when the publication began, but was another when its pages were printed."""

    def try_blue():
        styled.style.write_text(BLUE)
        themes.theme().style()
        styled.style.write_text(RED)

    site_fingerprint._seen.clear()
    changed_before(monkeypatch, Plan, "follow", try_blue)
    styled.publish(full=True)
    assert colours(edition) == {b"color:blue"}
    styled.publish()

    assert colours(edition) == {b"color:red"}


def test_a_look_that_stays_is_not_printed_again(styled, edition, monkeypatch):
    before = publication.state.last_number()

    styled.publish()

    assert publication.state.last_number() == before
