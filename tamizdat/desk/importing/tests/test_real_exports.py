"""What others wrote: the theme unit test, the importer's own fixtures, naughty strings."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tamizdat.desk import published
from tamizdat.desk.importing.actions import import_wordpress
from tamizdat.desk.importing.archive import survey
from tamizdat.desk.importing.drafting import Drafter
from tamizdat.desk.importing.export.raw_xml import ExportError
from tamizdat.desk.importing.export.wxr import Item, read
from tamizdat.desk.importing.html.pieces import Notes
from tamizdat.desk.importing.media_folder import MediaFolder
from tamizdat.desk.importing.tests.exports import item
from tamizdat.desk.importing.tests.test_html_blocks import harmless
from tamizdat.desk.importing.tests.test_import import everything
from tamizdat.desk.models import Picture

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
OUTCOMES = ("carried", "updated", "already_there", "left_out")
REFUSED = {
    "crazy-cdata.xml": "broken at line 18",
    "invalid-version-tag.xml": "WXR version 'abc'",
    "malformed-simple.xml": "broken at line 14",
    "malformed.xml": "no <channel>",
    "missing-version-tag.xml": "does not say its WXR version",
}


def items_of(file):
    return [value for value in read(file, UTC_ZONE) if isinstance(value, Item)]


def public(one):
    return one.status == "publish" and not one.locked


def check_all_readable(file, report):
    """Check that every published item is readable and that the account is complete."""
    items = items_of(file)
    posts = [one for one in items if one.kind == "post" and public(one)]
    read_ = published.articles(published.live_ids(report.language))
    assert len(read_) == len(posts)
    assert all(article.card.headline and article.card.section for article in read_.values())
    for article in read_.values():
        harmless(article.body)
    for kind in {one.kind for one in items}:
        assert report.found(kind) == sum(one.kind == kind for one in items)
    for many in report.as_data()["counts"].values():
        assert many["found"] == sum(many[outcome] for outcome in OUTCOMES)


@pytest.fixture
def theme_unit_test(test_data):
    return test_data / "wxr/theme-test-data/themeunittestdata.wordpress.xml"


def test_the_theme_unit_test_is_readable_and_accounted_for(desk, theme_unit_test):
    report = import_wordpress(theme_unit_test, None, NOW)

    check_all_readable(theme_unit_test, report)
    counts = {kind: dict(many) for kind, many in report.counts.items()}
    assert counts["post"] == {"carried": 58}
    assert counts["page"] == {"carried": 21}
    assert counts["attachment"] == {"left_out": 37}
    assert counts["nav_menu_item"] == {"left_out": 70}
    assert counts["comment"] == {"left_out": 33}
    headlines = [card.headline for card in published.latest("en", 100)]
    assert not any("password" in headline.lower() for headline in headlines)
    assert "Scheduled" not in headlines

    before = everything()
    again = import_wordpress(theme_unit_test, None, NOW)
    assert everything() == before
    assert not any(many["carried"] or many["updated"] for many in again.counts.values())


def test_its_pictures_come_from_a_folder(desk, theme_unit_test, uploads):
    """The folder has those of 2012 and later; the older ones are gone."""
    files = [one.file_address for one in items_of(theme_unit_test) if one.file_address]
    folder = None
    for number, address in enumerate(files):
        place = address.split(".com/", 1)[1]
        if place >= "2012" and place.endswith((".jpg", ".gif", ".png")):
            folder = uploads(place, (6 * number, 90, 120))

    report = import_wordpress(theme_unit_test, folder, NOW)

    check_all_readable(theme_unit_test, report)
    assert report.counts["attachment"] == {"carried": 13, "left_out": 24}
    assert Picture.objects.count() == 13
    horizontal = published.article_by_path("en/2012/03/template-featured-image-horizontal.html")
    assert published.article(horizontal).card.lead.alt == "Horizontal Featured Image"


def test_sixty_posts_of_blocks_are_readable(desk, test_data):
    file = test_data / "wxr/theme-test-data/64-block-test-data.xml"

    report = import_wordpress(file, None, NOW)

    check_all_readable(file, report)
    assert report.counts["post"] == {"carried": 61}


def test_the_importers_own_fixtures_are_carried_or_refused(desk, test_data):
    files = sorted((test_data / "wxr/wordpress-importer").rglob("*.xml"))
    big = ("a11y-unit-test-data.xml", "theme-unit-test-data.xml")  # as above, once more
    for file in files:
        if file.name in REFUSED:
            with pytest.raises(ExportError, match=REFUSED[file.name]):
                import_wordpress(file, None, NOW)
        elif file.name not in big:
            check_account(file, import_wordpress(file, None, NOW))
    assert len(files) > 30


def check_account(file, report):
    for kind in {one.kind for one in items_of(file)}:
        assert report.found(kind) == sum(one.kind == kind for one in items_of(file))


@pytest.mark.parametrize("name", ["a11y-unit-test-data.xml", "theme-unit-test-data.xml"])
def test_its_big_fixtures_make_harmless_drafts(test_data, name):
    file = test_data / "wxr/wordpress-importer/phpunit/data" / name
    drafter = Drafter(survey(read(file, UTC_ZONE)), MediaFolder(None), NOW)
    carried = [one for one in items_of(file) if one.kind in ("post", "page")]
    for one in carried:
        draft = drafter.draft(one, Notes())
        assert draft.headline
        harmless(draft.body)
    assert carried


def naughty(test_data):
    return json.loads((test_data / "strings/blns/blns.json").read_text(encoding="utf-8"))


def test_naughty_strings_make_harmless_drafts(test_data, export):
    strings = naughty(test_data)
    file = export(
        *(
            item(number, title=text, content=text, excerpt=text, post_name=text, link=text)
            for number, text in enumerate(strings, start=1)
        )
    )
    drafter = Drafter(survey(read(file, UTC_ZONE)), MediaFolder(None), NOW)
    for one in items_of(file):
        draft = drafter.draft(one, Notes())
        assert draft.headline
        assert draft.slug
        assert draft.slug.isascii()
        harmless(draft.body)


def test_naughty_strings_are_published_readable(desk, test_data, export):
    strings = naughty(test_data)[::12]
    file = export(
        *(
            item(number, title=text, content=text, excerpt=text, post_name=text)
            for number, text in enumerate(strings, start=1)
        )
    )

    report = import_wordpress(file, None, NOW)

    check_all_readable(file, report)
    assert report.counts["post"] == {"carried": len(strings)}
