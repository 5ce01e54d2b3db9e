from datetime import UTC, datetime

import pytest

from tamizdat.desk import published
from tamizdat.desk.importing.actions import import_wordpress
from tamizdat.desk.importing.tests.exports import author, category, filed, item, meta, picture
from tamizdat.desk.models import ArticlePage, ImportedItem, Person, Picture, Topic
from tamizdat.desk.published.values import Embed, Figure, Text

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def carry(file, media=None):
    report = import_wordpress(file, media, NOW)
    for many in report.as_data()["counts"].values():
        outcomes = ("carried", "updated", "already_there", "left_out")
        assert many["found"] == sum(many[outcome] for outcome in outcomes)
    return report


def only(language="en"):
    [number] = published.live_ids(language)
    return published.article(number)


def said(remarks):
    return " | ".join(f"{remark.item}: {remark.why}" for remark in remarks)


def counts(report, kind):
    return {name: number for name, number in report.counts[kind].items() if number}


def test_a_post_becomes_an_article(desk, export):
    file = export(
        author("ann", "Ann Ash"),
        category("city", "City"),
        item(
            1,
            filed("category", "city", "City"),
            filed("tag", "bread", "Bread"),
            title="Bread &amp; salt",
            post_name="bread-and-salt",
            excerpt="<p>What it costs.</p>",
        ),
    )

    report = carry(file)
    article = only()

    assert article.card.headline == "Bread & salt"
    assert article.card.path == "en/2019/03/bread-and-salt.html"
    assert article.card.standfirst == "What it costs."
    assert article.card.published == datetime(2019, 3, 4, 10, tzinfo=UTC)
    assert article.card.names == ("Ann Ash",)
    assert article.card.section.name == "City"
    assert [topic.slug for topic in article.topics] == ["bread"]
    assert article.body == (Text("<p>Some words.</p>"),)
    assert article.updated is None
    assert {kind: counts(report, kind) for kind in report.counts} == {
        kind: {"carried": 1} for kind in ("post", "author", "category", "tag")
    }


def test_a_page_becomes_a_plain_page(desk, export):
    carry(export(item(1, kind="page", post_name="imprint", title="Imprint")))

    page = published.plain_by_slug("en", "imprint")

    assert (page.title, page.in_footer) == ("Imprint", True)
    assert page.body == (Text("<p>Some words.</p>"),)


@pytest.mark.parametrize(
    ("asked", "taken"),
    [("index", "index-page"), ("about", "about-2")],
    ids=["a file of the edition", "a page of the newsroom"],
)
def test_a_plain_page_takes_no_place_that_is_taken(desk, export, asked, taken):
    report = carry(export(item(1, kind="page", post_name=asked)))

    assert published.plain_by_slug("en", taken).title == "Story 1"
    assert f"it became “{taken}”" in said(report.adjusted)


@pytest.mark.parametrize(
    ("how", "noted"),
    [
        pytest.param({"status": "draft"}, "", id="draft"),
        pytest.param({"status": "private"}, "private", id="private"),
        pytest.param({"status": "pending"}, "review", id="pending"),
        pytest.param({"status": "odd"}, "“odd”", id="a status of a plugin"),
        pytest.param({"post_password": "enter"}, "password", id="behind a password"),
    ],
)
def test_what_was_not_public_stays_closed(desk, export, how, noted):
    report = carry(export(item(1, **how)))

    assert published.live_ids("en") == []
    assert ArticlePage.objects.get().title == "Story 1"
    assert noted in said(report.adjusted)


@pytest.mark.parametrize("status", ["trash", "auto-draft"])
def test_what_was_thrown_away_is_not_carried(desk, export, status):
    report = carry(export(item(1, status=status)))

    assert not ArticlePage.objects.exists()
    assert report.left_out[0].whole


@pytest.mark.parametrize("status", ["future", "publish"])
def test_what_is_dated_later_is_scheduled(desk, export, status):
    carry(export(item(1, status=status, post_date_gmt="2027-01-05 06:00:00")))

    article = ArticlePage.objects.get()

    assert not article.live
    assert article.go_live_at == datetime(2027, 1, 5, 6, tzinfo=UTC)
    assert article.approved_schedule


def test_what_was_scheduled_and_is_due_was_published_there(desk, export):
    carry(export(item(1, status="future")))

    assert only().card.published == datetime(2019, 3, 4, 10, tzinfo=UTC)


def test_a_post_without_title_date_or_content_is_readable(desk, export):
    dates = {"post_date": "0000-00-00 00:00:00", "post_date_gmt": "0000-00-00 00:00:00"}
    report = carry(export(item(1, title="", content="", post_name="", **dates)))

    assert only().card.headline == "Untitled"
    assert only().card.published == NOW
    assert "no title" in said(report.adjusted)
    assert "no date" in said(report.adjusted)


def test_links_between_posts_lead_on_whichever_comes_first(desk, export):
    def linking(number, to):
        return item(number, content=f'<p><a href="{to}">x</a></p>')

    carry(
        export(
            linking(1, "http://www.old.example.org/post/story-2"),
            linking(2, "/?p=1"),
            linking(3, "https://old.example.org/2018/01/story-1/"),
            linking(4, "https://elsewhere.example/post/story-1/"),
        )
    )
    first, second, third, fourth = published.live_ids("en")
    links = [published.article(number).body[0].html for number in published.live_ids("en")]

    assert links == [
        f'<p><a href="article:{second}">x</a></p>',
        f'<p><a href="article:{first}">x</a></p>',
        f'<p><a href="article:{first}">x</a></p>',
        '<p><a href="https://elsewhere.example/post/story-1/">x</a></p>',
    ]
    assert third < fourth


def test_a_link_to_what_stays_behind_is_reported(desk, export):
    report = carry(export(item(1, content='<a href="/shop/">x</a>')))

    assert "https://old.example.org/shop/: still leads to the old site" in said(report.adjusted)


def test_pictures_come_from_the_folder_with_words_and_credit(desk, export, uploads):
    uploads("2019/03/mill.jpg")
    folder = uploads("2019/03/lead.jpg", "blue")
    inline = '<img src="/wp-content/uploads/2019/03/mill-300x200.jpg" alt="A mill"> after'
    file = export(
        item(1, meta("_thumbnail_id", "8"), content=inline),
        picture(8, "2019/03/lead.jpg", excerpt="The dam at dusk"),
        picture(9, "2019/03/mill.jpg"),
    )

    report = carry(file, folder)
    article = only()

    assert (article.card.lead.caption, article.card.lead.alt) == ("The dam at dusk",) * 2
    assert article.card.lead.picture.credit == "The Old Sheet"
    assert isinstance(article.body[0], Figure)
    assert (article.body[0].use.alt, article.body[0].use.caption) == ("A mill", "A mill")
    assert counts(report, "attachment") == {"carried": 2}
    assert Picture.objects.count() == 2
    assert "lead.jpg had no alt text: its caption stands in" in said(report.adjusted)
    assert "mill-300x200.jpg had no caption: its alt text stands in" in said(report.adjusted)


def test_every_imported_article_is_ready_by_the_desks_own_rule(desk, export, uploads):
    from tamizdat.desk.pages.readiness import gaps

    folder = uploads("a/img_0815.jpg")
    file = export(
        item(1, meta("_thumbnail_id", "8"), content="Words<img src='/uploads/a/img_0815.jpg'>"),
        picture(8, "a/img_0815.jpg"),
    )

    carry(file, folder)

    assert list(gaps(ArticlePage.objects.get())) == []
    assert only().card.lead.alt == "Story 1"


def test_a_lead_photo_that_opens_the_text_too_is_shown_once(desk, export, uploads):
    folder = uploads("2019/a.jpg")
    content = '<img src="/wp-content/uploads/2019/a.jpg"> words'

    carry(
        export(item(1, meta("_thumbnail_id", "8"), content=content), picture(8, "2019/a.jpg")),
        folder,
    )

    assert only().card.lead is not None
    assert only().body == (Text("<p>words</p>"),)


def test_a_gallery_shows_what_hangs_on_the_post(desk, export, uploads):
    uploads("a.jpg")
    folder = uploads("b.jpg", "green")

    carry(
        export(
            item(1, content="[gallery]"),
            picture(3, "b.jpg", post_parent="1", title="Bees"),
            picture(2, "a.jpg", post_parent="1", title="Ants"),
        ),
        folder,
    )

    assert [figure.use.alt for figure in only().body] == ["Ants", "Bees"]


def test_what_has_no_file_or_is_no_picture_is_left_out(desk, export, uploads):
    folder = uploads("a.jpg")
    (folder / "b.jpg").write_text("no picture")
    file = export(
        item(1, content="<img src='/uploads/gone.jpg'>words"),
        picture(2, "b.jpg"),
        picture(3, "gone.jpg"),
        picture(4, "talk.mp3"),
    )

    report = carry(file, folder)

    assert only().body == (Text("<p>words</p>"),)
    assert counts(report, "attachment") == {"left_out": 3}
    assert "gone.jpg: its file is not in the media folder" in said(report.left_out)
    assert "cannot be read as a picture" in said(report.left_out)
    assert "sound, film and documents" in said(report.left_out)


def test_menus_comments_and_unknown_kinds_are_counted_and_named(desk, export):
    comment = "<wp:comment><wp:comment_author_IP>192.0.2.1</wp:comment_author_IP></wp:comment>"
    file = export(
        item(1, comment * 3, filed("genre", "noir", "Noir"), meta("colour", "red")),
        item(2, kind="nav_menu_item"),
        item(3, kind="recipe"),
    )

    report = carry(file)

    assert counts(report, "comment") == {"left_out": 3}
    assert counts(report, "nav_menu_item") == counts(report, "recipe") == {"left_out": 1}
    for words in ("3 comments", "menus", "“recipe”", "“Noir” (genre)", "“colour”"):
        assert words in said(report.left_out)


def test_importing_twice_changes_nothing(desk, export, uploads):
    folder = uploads("a.jpg")
    file = export(
        author("ann", "Ann Ash"),
        item(1, filed("category", "city", "City"), filed("tag", "x", "X"), content="[gallery]"),
        item(2, content='<a href="/?p=3">x</a>', status="draft"),
        item(3, kind="page"),
        item(4, post_date_gmt="2027-01-05 06:00:00"),
        picture(5, "a.jpg", post_parent="1"),
    )
    carry(file, folder)
    before = everything()

    again = carry(file, folder)

    assert everything() == before
    assert all(set(many) <= {"already_there"} for many in again.counts.values())


def everything():
    from django.apps import apps

    models = [
        *apps.get_app_config("desk").get_models(),
        *apps.get_app_config("wagtailcore").get_models(),
    ]
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_what_changed_in_the_export_is_brought_up_to_date(desk, export):
    carry(export(item(1), item(2)))

    report = carry(export(item(1, title="Better"), item(2)))

    assert counts(report, "post") == {"updated": 1, "already_there": 1}
    cards = published.latest("en", 5)
    assert sorted(card.headline for card in cards) == ["Better", "Story 2"]
    assert {card.path for card in cards} == {"en/2019/03/story-1.html", "en/2019/03/story-2.html"}
    assert published.article(cards[0].id).updated is None


def test_pictures_that_turn_up_later_are_put_in(desk, export, uploads):
    file = export(item(1, content='<img src="/wp-content/uploads/a.jpg" alt="A mill">'))
    carry(file)

    report = carry(file, uploads("a.jpg"))

    assert counts(report, "post") == {"updated": 1}
    assert only().body[0].use.alt == "A mill"


def test_what_the_desk_has_worked_on_is_left_alone(desk, export):
    carry(export(item(1), item(2), item(3)))
    edited, withdrawn, deleted = ArticlePage.objects.order_by("pk")
    edited.title = "Ours"
    edited.save_revision().publish()
    withdrawn.unpublish()
    deleted.delete()

    report = carry(export(*(item(number, title="Theirs") for number in (1, 2, 3))))

    assert counts(report, "post") == {"already_there": 3}
    assert [card.headline for card in published.latest("en", 5)] == ["Ours"]
    assert ArticlePage.objects.count() == 2
    assert "the desk has worked on it since" in said(report.adjusted)
    assert "the desk has deleted it since" in said(report.adjusted)


def test_a_second_export_of_the_same_site_joins_the_first(desk, export):
    carry(export(author("ann", "Ann Ash"), item(1, filed("category", "city", "City"))))
    link = '<a href="https://old.example.org/post/story-1/">x</a>'

    carry(
        export(author("ann", "Ann Ash"), item(2, filed("category", "city", "City"), content=link))
    )

    first, second = published.live_ids("en")
    assert published.article(second).body == (Text(f'<p><a href="article:{first}">x</a></p>'),)
    assert Person.objects.count() == 1
    assert published.article(first).card.section == published.article(second).card.section


def test_two_items_with_one_number_are_not_made_one(desk, export):
    report = carry(export(item(1), item(1, title="Other")))

    assert counts(report, "post") == {"carried": 1, "left_out": 1}
    assert "same number" in said(report.left_out)


def test_old_addresses_are_remembered(desk, export):
    carry(export(item(1, link="https://old.example.org/2019/bread/")))

    row = ImportedItem.objects.get(kind="post")

    assert row.old_address == "https://old.example.org/2019/bread/"
    assert row.target == f"article:{ArticlePage.objects.get().pk}"


def test_subcategories_and_what_is_no_section_become_topics(desk, export):
    file = export(
        category("city", "City"),
        category("trams", "Trams", parent="city"),
        category("food", "Food"),
        item(1, filed("category", "trams", "Trams"), filed("category", "food", "Food")),
    )

    carry(file)

    assert only().card.section.slug == "city"
    assert sorted(topic.slug for topic in only().topics) == ["food", "trams"]


def test_what_stood_in_no_category_stands_under_news(desk, export):
    carry(export(item(1, filed("category", "uncategorized", "Uncategorized"))))

    assert only().card.section.slug == "news"
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    ("language", "lands"), [("ru-RU", "ru"), ("fa", "fa"), ("de", "en"), ("", "en")]
)
def test_it_lands_in_the_language_that_it_was_written_in(desk_of_many, tmp_path, language, lands):
    from tamizdat.desk.importing.tests.exports import wxr

    file = tmp_path / "export.xml"
    file.write_text(wxr(item(1)).replace("en-US", language), encoding="utf-8")

    report = carry(file)

    assert report.language == only(lands).card.language == lands


def test_a_slug_in_another_script_is_written_in_latin_letters(desk, export):
    carry(export(item(1, post_name="%D1%85%D0%BB%D0%B5%D0%B1", title="Хлеб")))

    assert only().card.path == "en/2019/03/khleb.html"


def test_progress_is_told(desk, export):
    told = []

    import_wordpress(
        export(item(1), item(2)), None, NOW, progress=lambda done, total: told.append((done, total))
    )

    assert told == [(1, 2), (2, 2)]


def test_the_press_hears_of_what_is_published(desk, export):
    from wagtail.signals import page_published

    heard = []
    receiver = lambda instance, **_: heard.append(instance.title)  # noqa: E731  a receiver in one line
    page_published.connect(receiver)
    try:
        carry(export(item(1), item(2, status="draft"), item(3, kind="page")))
    finally:
        page_published.disconnect(receiver)

    assert heard == ["Story 1", "Story 3"]


def test_an_embed_is_a_link(desk, export):
    carry(export(item(1, content="https://vimeo.com/12")))

    assert only().body == (Embed("https://vimeo.com/12", "Vimeo", "Vimeo", None),)


def test_the_report_reads_in_a_terminal(desk, export):
    text = carry(
        export(item(1), item(2, kind="nav_menu_item"), item(3, kind="nav_menu_item"))
    ).as_text()

    assert "The Old Sheet" in text
    assert "nav_menu_item 2 “Story 2”; nav_menu_item 3 “Story 3”" in text
    assert "left out" in text
