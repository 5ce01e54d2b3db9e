"""A picture that readers see, or are going to see, is its photographer's no longer."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import Collection

from tamizdat.desk import writing
from tamizdat.desk.accounts.actions.staff import create_user
from tamizdat.desk.actions.articles import bring_in_plain, publish, withdraw
from tamizdat.desk.admin.pictures_in_use import IN_USE
from tamizdat.desk.models import ArticlePage, Picture, PlainPage, Topic
from tamizdat.desk.tests.conftest import photo
from tamizdat.lib import clock

BULK = "/desk/bulk/desk/picture/{}/?id={}"


@pytest.fixture
def theirs(reporter, bridge):
    """A picture that the reporter has uploaded."""
    ines = User.objects.get(email="ines@example.org")
    Picture.objects.filter(pk=bridge.pk).update(uploaded_by_user=ines)
    return Picture.objects.get(pk=bridge.pk)


def on_top(picture, draft):
    draft.lead_picture, draft.lead_caption, draft.lead_alt = picture, "The bridge", "A bridge"
    publish(draft)


def in_a_text(picture, draft):
    draft.body = [writing.picture(picture.pk, "The bridge", "A bridge")]
    publish(draft)


def on_a_plain_page(picture, draft):
    page = PlainPage(title="Ours", slug="ours")
    page.body = [writing.picture(picture.pk, "The bridge", "A bridge")]
    bring_in_plain(page, "en", published=clock.now())


def in_a_change_that_waits(picture, draft):
    publish(draft)
    draft.go_live_at = clock.now() + timedelta(days=1)
    in_a_text(picture, draft)


def on_an_article_that_waits(picture, draft):
    draft.go_live_at = clock.now() + timedelta(days=1)
    on_top(picture, draft)


def on_an_article_that_was_taken_from_readers(picture, draft):
    on_top(picture, draft)
    withdraw(ArticlePage.objects.get(pk=draft.pk))


def wrote(picture, draft, name):
    """Somebody saves a version with this picture."""
    draft.body = [writing.picture(picture.pk, "The bridge", "A bridge")]
    by = User.objects.filter(first_name=name).first()
    draft.save_revision(user=by or create_user("vera@example.org", "Vera Lind", "x" * 20, "editor"))


def in_what_waits_for_approval(picture, draft):
    wrote(picture, draft, "Ines")
    draft.get_workflow().start(draft, User.objects.get(first_name="Ines"))


def in_a_colleague_s_draft(picture, draft):
    wrote(picture, draft, "Vera")


def in_a_colleague_s_change_of_what_readers_have(picture, draft):
    publish(draft)
    wrote(picture, draft, "Vera")


USES = [
    on_top,
    in_a_text,
    on_a_plain_page,
    in_a_change_that_waits,
    on_an_article_that_waits,
    on_an_article_that_was_taken_from_readers,
    in_what_waits_for_approval,
    in_a_colleague_s_draft,
    in_a_colleague_s_change_of_what_readers_have,
]


def as_it_is(picture):
    kept = Picture.objects.filter(pk=picture.pk)
    tags = [list(each.tags.names()) for each in kept]
    return [*kept.values("title", "credit", "file", "digest", "collection", "focal_point_x"), *tags]


def attempts(picture):
    """Every way to change or delete a picture, with what its form sends."""
    other = Collection.get_first_root_node().add_child(name="Other")
    said = {"title": "x", "credit": "State Agency", "tags": "", "collection": other.pk}
    file = {"file": SimpleUploadedFile("x.jpg", photo(colour="#ff0000"), "image/jpeg")}
    one = (picture.pk,)
    many = {f"image-{picture.pk}-{name}": value for name, value in said.items()}
    yield reverse("wagtailimages:edit", args=one), said | file
    yield reverse("wagtailimages:edit_multiple", args=one), many
    yield reverse("wagtailimages:delete", args=one), {}
    yield reverse("wagtailimages:delete_multiple", args=one), {}
    yield BULK.format("delete", picture.pk), {}
    yield BULK.format("add_tags", picture.pk), {"tags": "x"}
    yield BULK.format("add_to_collection", picture.pk), {"collection": other.pk}


@pytest.mark.parametrize("use", USES)
def test_a_reporter_neither_changes_nor_deletes_it(reporter, theirs, draft, use):
    use(theirs, draft)
    before = as_it_is(theirs)

    for address, said in attempts(theirs):
        assert reporter.post(address, said).status_code < 500
        assert as_it_is(theirs) == before, address


@pytest.mark.parametrize("name", ["edit", "delete", "image_usage"])
def test_it_is_said_why_and_what_to_do(reporter, theirs, draft, name):
    on_top(theirs, draft)

    for ask in (reporter.get, reporter.post):
        page = ask(reverse(f"wagtailimages:{name}", args=(theirs.pk,)), follow=True)
        said = [str(each) for each in page.context["messages"]]
        assert said == [IN_USE.format(title="The bridge")]


@pytest.mark.parametrize("action", ["delete", "add_tags", "add_to_collection"])
def test_the_same_is_said_of_pictures_chosen_together(reporter, theirs, draft, action):
    on_top(theirs, draft)
    form = {"tags": "x", "collection": Collection.get_first_root_node().pk}

    page = reporter.post(BULK.format(action, theirs.pk), form, follow=True)

    said = [str(each).strip() for each in page.context["messages"]]
    assert said == [IN_USE.format(title="The bridge")]
    assert Picture.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize("which", range(7))
def test_until_then_it_is_the_reporter_s_own(reporter, theirs, draft, which):
    draft.lead_picture = theirs
    draft.save()
    address, said = list(attempts(theirs))[which]
    before = as_it_is(theirs)

    reporter.post(address, said)

    assert as_it_is(theirs) != before


def sent_back(picture, draft):
    in_what_waits_for_approval(picture, draft)
    wrote(picture, draft, "Vera")
    draft.current_workflow_task_state.reject()


def in_their_own_change_of_what_readers_have(picture, draft):
    publish(draft)
    wrote(picture, draft, "Ines")


@pytest.mark.parametrize("use", [sent_back, in_their_own_change_of_what_readers_have])
def test_what_is_the_reporter_s_to_mend_has_pictures_of_theirs(reporter, theirs, draft, use):
    use(theirs, draft)
    (edit, said), *_ = attempts(theirs)

    reporter.post(edit, said)

    assert Picture.objects.get(pk=theirs.pk).credit == "State Agency"


def test_an_editor_changes_and_deletes_it(editor, theirs, draft):
    on_top(theirs, draft)
    (edit, said), *_ = attempts(theirs)

    editor.post(edit, said)
    assert Picture.objects.get(pk=theirs.pk).credit == "State Agency"
    editor.post(reverse("wagtailimages:delete", args=(theirs.pk,)))
    assert not Picture.objects.filter(pk=theirs.pk).exists()


def test_it_can_be_chosen_for_another_article(reporter, theirs, draft):
    on_top(theirs, draft)

    chosen = reporter.get(reverse("wagtailimages_chooser:chosen", args=(theirs.pk,)))
    assert chosen.json()["result"]["id"] == str(theirs.pk)


@pytest.mark.parametrize("kind", ["section", "topic", "person"])
def test_a_reporter_changes_nothing_that_articles_are_filed_under(reporter, courts, ada, kind):
    river = Topic.objects.create(name="The river", locale=courts.locale)
    row = {"section": courts, "topic": river, "person": ada}[kind]
    at = f"/desk/snippets/desk/{kind}"
    for address in (
        f"{at}/edit/{row.pk}/",
        f"{at}/delete/{row.pk}/",
        f"/desk/bulk/desk/{kind}/delete/?id={row.pk}",
    ):
        reporter.post(address, {"name": "Changed", "slug": "changed", "kind": "agency"})
        assert type(row).objects.get(pk=row.pk).name == row.name
