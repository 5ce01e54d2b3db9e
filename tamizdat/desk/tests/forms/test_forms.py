import pytest
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from tamizdat.desk.forms import slugs
from tamizdat.desk.tests.test_articles import read
from tests.at_the_desk import form_of

FROM_LIST = "/desk/bulk/wagtailcore/page/publish/?id={}"


def shelf():
    from tamizdat.desk.models import ArticleIndex

    return ArticleIndex.objects.get(locale__language_code="en")


def typed(section, **more):
    """What the desk's form sends when a reporter has typed an article."""
    return nested_form_data(
        {
            "title": "The court let four go",
            "slug": "",
            "kicker": "",
            "standfirst": "Four of five may go home.",
            "dateline": "",
            "lead_picture": "",
            "lead_caption": "",
            "lead_alt": "",
            "section": section.pk if section else "",
            "body": streamfield([("text", rich_text("<p>They came down.</p>"))]),
            "bylines": inline_formset([]),
            "corrections": inline_formset([]),
            "pins": inline_formset([]),
            "comments": inline_formset([]),
            **more,
        }
    )


def send(browser, data, page=None):
    where = f"{page.pk}/edit" if page else f"add/desk/articlepage/{shelf().pk}"
    return browser.post(f"/desk/pages/{where}/", data)


def approval(article, task):
    from django.urls import reverse

    return reverse("wagtailadmin_pages:workflow_action", args=(article.pk, "approve", task.pk))


def asked(browser, page):
    """What the page that asks sends, when an editor has chosen a page in a list."""
    return form_of(
        browser.get(FROM_LIST.format(page.pk)).content.decode(), FROM_LIST.format(page.pk)
    )


def publish_from_list(browser, page, **more):
    """Choose a page in a list, look at what is asked, and say yes."""
    return browser.post(FROM_LIST.format(page.pk), asked(browser, page) | more, follow=True)


def newest():
    from tamizdat.desk.models import ArticlePage

    return ArticlePage.objects.order_by("-pk").first()


def test_an_editor_writes_and_publishes(editor, courts, ada):
    bylines = inline_formset([{"person": ada.pk, "role": "by"}])
    send(editor, typed(courts, bylines=bylines) | {"action-publish": "x"})

    article = read(newest())
    assert article.card.names == ("Ada Holm",)
    assert article.card.path.endswith("/the-court-let-four-go.html")


def test_a_very_long_article_is_kept_whole(editor, courts):
    paragraphs = [("text", rich_text(f"<p>Paragraph {n}.</p>")) for n in range(250)]

    answer = send(editor, typed(courts, body=streamfield(paragraphs)))

    assert answer.status_code == 302
    assert len(newest().body) == 250


@pytest.mark.parametrize("slug", ["index", "404", "support", "archive", "letters", "person"])
def test_a_page_with_the_name_of_a_file_of_the_edition_is_refused(editor, slug):
    from tamizdat.desk.models import FrontPage, PlainPage

    front = FrontPage.objects.get(locale__language_code="en")
    typed = nested_form_data(
        {"title": "Ours", "slug": slug, "version": "", "body": streamfield([]),
         "comments": inline_formset([])}
    )  # fmt: skip
    answer = editor.post(f"/desk/pages/add/desk/plainpage/{front.pk}/", typed)

    assert "is taken by the edition itself" in answer.content.decode()
    assert not PlainPage.objects.filter(slug=slug).exists()


def test_publishing_with_a_bare_photo_is_refused_in_sentences(editor, courts, bridge):
    answer = send(editor, typed(courts, lead_picture=bridge.pk) | {"action-publish": "x"})

    page = answer.content.decode()
    assert "The lead photo “The bridge” has no caption." in page
    assert "The lead photo “The bridge” has no alt text." in page
    assert newest() is None


def test_the_same_is_kept_as_a_draft(editor, bridge):
    send(editor, typed(None, lead_picture=bridge.pk))

    assert newest().lead_picture == bridge
    assert read(newest()) is None


def test_a_draft_of_a_published_article_may_lack_things_too(editor, courts, bridge):
    send(editor, typed(courts) | {"action-publish": "x"})
    answer = send(editor, typed(courts, slug=newest().slug, lead_picture=bridge.pk), newest())

    assert answer.status_code == 302
    assert newest().get_latest_revision().as_object().lead_picture == bridge
    assert read(newest()).card.lead is None


def test_a_reporter_sends_to_the_desk_and_an_editor_approves(reporter, editor, courts):
    page = reporter.get(f"/desk/pages/add/desk/articlepage/{shelf().pk}/").content.decode()
    assert "Send to the desk" in page
    assert "action-publish" not in page

    send(reporter, typed(courts) | {"action-submit": "x"})
    assert read(newest()) is None
    assert editor.get("/desk/").content.decode().count("The court let four go") == 1

    task = newest().current_workflow_task_state
    editor.post(approval(newest(), task), {})
    assert read(newest()) is not None


def test_a_reporter_cannot_publish_past_the_button(reporter, courts):
    send(reporter, typed(courts) | {"action-publish": "x"})

    assert read(newest()) is None


def test_approving_what_lacks_something_says_what(reporter, editor, courts, bridge):
    words = {"lead_picture": bridge.pk, "lead_caption": "The bridge", "lead_alt": "A bridge"}
    send(reporter, typed(courts, **words) | {"action-submit": "x"})
    article = newest()
    bridge.credit = ""
    bridge.save()
    task = article.current_workflow_task_state

    answer = editor.post(approval(article, task), {}, follow=True)

    assert "has no credit" in answer.content.decode()
    assert read(article) is None


def test_publishing_from_the_list_says_what_is_missing(editor, draft, bridge):
    draft.lead_picture = bridge
    draft.save_revision(clean=False)

    answer = publish_from_list(editor, draft)

    assert "has no alt text" in answer.content.decode()
    assert read(draft) is None


@pytest.mark.parametrize("kind", ["articlepage", "plainpage", "frontpage"])
def test_pages_stand_only_where_they_belong(editor, kind):
    from wagtail.models import Page

    wrong = Page.objects.get(depth=1) if kind != "frontpage" else shelf()
    assert editor.get(f"/desk/pages/add/desk/{kind}/{wrong.pk}/").status_code == 302


def test_view_live_leads_to_the_edition(editor, courts):
    send(editor, typed(courts) | {"action-publish": "x"})

    place = read(newest()).card.path
    page = editor.get(f"/desk/pages/{newest().pk}/edit/").content.decode()
    assert f"http://127.0.0.1:8000/{place}" in page


def test_the_preview_is_the_page_as_the_press_prints_it(editor, courts):
    from tamizdat.desk import preview

    before = list(preview._renderers)
    preview.register(lambda page: (f"<html><head></head>{page.title}", f"en/{page.slug}.html"))
    try:
        where = f"/desk/pages/add/desk/articlepage/{shelf().pk}/preview/"
        assert editor.post(where, typed(courts)).json()["is_valid"] is True
        shown = editor.get(where + "?mode=").content.decode()
    finally:
        preview._renderers[:] = before

    assert "The court let four go" in shown
    assert '<base href="/preview/en/' in shown


@pytest.mark.parametrize(
    "address",
    [
        "/desk/",
        "/desk/articles/",
        "/desk/fronts/",
        "/desk/plains/",
        "/desk/snippets/desk/section/",
        "/desk/snippets/desk/topic/",
        "/desk/snippets/desk/person/",
        "/desk/images/",
        "/desk/images/multiple/add/",
        "/desk/account/",
    ],
)
def test_the_rooms_of_the_desk_open_and_call_nobody(editor, draft, bridge, address):
    import re

    answer = editor.get(address)

    assert answer.status_code == 200
    html = answer.content.decode()
    loaded = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"']([^\"']+)", html)
    assert loaded
    assert [each for each in loaded if "://" in each] == []


def test_the_desk_is_told_to_call_nobody(settings):
    assert settings.WAGTAIL_ENABLE_UPDATE_CHECK is False
    assert settings.WAGTAIL_ENABLE_WHATS_NEW_BANNER is False
    assert settings.WAGTAIL_GRAVATAR_PROVIDER_URL is None
    assert settings.WAGTAILEMBEDS_FINDERS == []
    assert "wagtail.embeds" not in settings.INSTALLED_APPS
    assert "wagtail.documents" not in settings.INSTALLED_APPS


def test_topics_are_offered_in_the_articles_language(editor, desk):
    from wagtail.models import Locale

    from tamizdat.desk.models import Topic

    for language, name in (("en", "The barrier"), ("ru", "Барьер")):
        Topic.objects.create(name=name, locale=Locale.objects.get(language_code=language))
    page = editor.get(f"/desk/pages/add/desk/articlepage/{shelf().pk}/").content.decode()

    assert "The barrier" in page
    assert "Барьер" not in page


@pytest.mark.parametrize(
    ("opened", "marked"),
    [
        pytest.param("articlepage", "articles.open", id="an article"),
        pytest.param("frontpage", "fronts.open", id="a front page"),
        pytest.param("plainpage", "plains.open", id="a plain page"),
    ],
)
def test_the_menu_marks_the_list_of_the_page_that_is_open(editor, draft, opened, marked):
    from wagtail.models import Page

    page = Page.objects.filter(content_type__model=opened).first()

    assert f'"{marked}"' in editor.get(f"/desk/pages/{page.pk}/edit/").content.decode()
    assert f'"{marked}"' in editor.get(f"/desk/pages/{page.pk}/history/").content.decode()
    assert f'"{marked}"' not in editor.get("/desk/").content.decode()


def test_a_draft_is_kept_while_a_byline_is_still_empty(editor, courts, ada):
    """The desk does this by itself, again and again, while somebody types."""
    send(editor, typed(courts))
    article = newest()
    empty = {"person": "", "role": "by", "id": ""}
    for rows, before in (([empty], 0), ([empty], 1), ([{**empty, "person": ada.pk}], 1)):
        bylines = inline_formset(rows, initial=before)
        answer = editor.post(
            f"/desk/pages/{article.pk}/edit/",
            typed(courts, slug=article.slug, bylines=bylines),
            headers={"accept": "application/json"},
        )
        assert answer.status_code == 200, answer.content

    kept = newest().get_latest_revision().as_object().bylines.all()
    assert [byline.person for byline in kept] == [ada]


def test_an_empty_place_on_the_front_page_is_left_out(editor, draft):
    from tamizdat.desk.models import FrontPage

    front = FrontPage.objects.get(locale__language_code="en")
    front.live_line = "High water"
    sent = nested_form_data(
        {
            "lead": "", "live_line": "High water", "live_article": "",
            "seconds": inline_formset([{"article": ""}, {"article": draft.pk}]),
            "pinned_topics": inline_formset([{"topic": ""}]),
            "comments": inline_formset([]),
        }
    )  # fmt: skip
    editor.post(f"/desk/pages/{front.pk}/edit/", sent | {"action-publish": "x"})

    front.refresh_from_db()
    assert front.live_line == "High water"
    assert [second.article for second in front.seconds.all()] == [draft]


@pytest.mark.parametrize(
    ("slug", "why"),
    [
        ("ж" * 149, "letters a to z"),
        ("Verdict", "letters a to z"),
        ("com1", "Windows"),
        ("a" * 121, "too long"),
        ("-verdict", "letters a to z"),
    ],
)
def test_an_address_that_no_file_can_have_is_refused_and_nothing_typed_is_lost(
    editor, courts, slug, why
):
    before = newest()
    answer = send(editor, typed(courts, slug=slug) | {"action-publish": "x"})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert why in str(answer.context["form"].errors["slug"])
    for words in (slug, "The court let four go", "Four of five may go home.", "They came down."):
        assert words in page
    assert newest() == before


def test_an_address_that_readers_have_stays_whatever_it_is(editor, courts):
    send(editor, typed(courts) | {"action-publish": "x"})
    article = newest()
    type(article).objects.filter(pk=article.pk).update(slug="Сүд_1")
    article.refresh_from_db()
    place = article.place

    send(editor, typed(courts, slug="Сүд_1", kicker="Courts") | {"action-publish": "x"}, article)

    article.refresh_from_db()
    assert (article.kicker, article.place) == ("Courts", place)


def test_no_slug_is_made_that_a_disk_keeps_for_itself():
    assert slugs.slug("Con!") == "con-1"
    assert slugs.slug("Conference") == "conference"


@pytest.mark.parametrize("name", ["aux", "NUL"])
def test_a_section_cannot_have_the_name_of_a_device(editor, desk, name):
    answer = editor.post(
        "/desk/snippets/desk/section/add/",
        {"name": "Courts", "slug": name, "order": "1", "description": ""},
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["slug"]
