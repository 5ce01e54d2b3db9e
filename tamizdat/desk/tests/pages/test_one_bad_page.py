"""One bad page or version holds up no other: not what is due, not the first screen, no editor."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from wagtail.models import Page, Revision

from tamizdat.desk import writing
from tamizdat.desk.actions.articles import bring_in, publish
from tamizdat.desk.models import ArticlePage, Byline, Person, Picture, Section
from tamizdat.desk.tasks import sweep
from tamizdat.desk.tests.test_articles import read
from tamizdat.lib import clock
from tamizdat.lib.alerts import standing
from tests.lost_database import lost_database


@pytest.fixture
def noon():
    return clock.now() + timedelta(days=1)


@pytest.fixture
def told(desk):
    yield lambda: {alert.key: alert for alert in standing(desk.data)}
    for file in (desk.data / "alerts").glob("*"):
        file.unlink()


@pytest.fixture
def held(courts, ada, noon):
    """Hold an article until noon; the n-th is due n seconds earlier."""
    made = []

    def held(title, **more):
        made.append(title)
        at = noon - timedelta(seconds=len(made))
        article = ArticlePage(title=title, **{"section": courts, "go_live_at": at, **more})
        article.bylines.add(Byline(person=ada, role="by"))
        bring_in(article, "en")
        publish(article)
        return article

    return held


def test_a_version_with_a_section_that_is_gone_holds_up_nobody(
    held, courts, noon, told, editor, desk
):
    other = Section.objects.create(name="Other", locale=courts.locale)
    bad, good = held("Bad", section=other), held("Good")
    ArticlePage.objects.filter(pk=bad.pk).update(section=courts)
    other.delete()

    assert editor.get("/desk/").status_code == 200
    assert editor.get(f"/desk/pages/{bad.pk}/edit/").status_code == 200
    assert editor.get(f"/desk/pages/{bad.pk}/history/").status_code == 200
    sweep(noon)

    assert read(good) is not None
    assert read(bad) is None
    alert = told()[f"page-{bad.pk}"]
    assert alert.what == f"Page {bad.pk} is held, though its time has come."
    assert "no section" in alert.why
    assert f"pages/{bad.pk}/edit/" in alert.do

    bad = bad.get_latest_revision_as_object()
    bad.section, bad.go_live_at = courts, None
    publish(bad)
    sweep(noon)
    assert told() == {}


def test_a_version_with_a_person_who_is_gone_comes_out_without_them(held, ada, noon, told):
    gone = Person.objects.create(name="Gone", locale=ada.locale)
    article = held("Signed by two")
    article.bylines.add(Byline(person=gone, role="by"))
    article.go_live_at = noon
    publish(article)
    Byline.objects.filter(person=gone).delete()
    gone.delete()

    sweep(noon)

    assert read(article).card.names == ("Ada Holm",)
    assert told() == {}


def test_a_version_that_cannot_be_read_holds_up_nobody(held, noon, told, editor):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps no broken JSON")
    bad, good = held("Bad"), held("Good")
    with connection.cursor() as cursor:  # as a bad block of the disk leaves it
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        cursor.execute(
            "UPDATE wagtailcore_revision SET content = '{\"title\": ' WHERE object_id = %s",
            [str(bad.pk)],
        )
        cursor.execute("PRAGMA ignore_check_constraints = OFF")

    sweep(noon)
    page = editor.get("/desk/")

    assert read(good) is not None
    assert page.status_code == 200
    assert told()[f"page-{bad.pk}"].cause.startswith("builtins.")

    Revision.objects.filter(object_id=str(bad.pk)).delete()
    sweep(noon)
    assert told() == {}


def test_a_version_that_fits_no_article_holds_up_nobody(held, noon, told):
    bad, good = held("Bad"), held("Good")
    Revision.objects.filter(object_id=str(bad.pk)).update(content={"pk": bad.pk, "bylines": 7})

    sweep(noon)

    assert read(good) is not None
    assert f"page-{bad.pk}" in told()


def test_a_version_of_a_page_that_is_gone_holds_up_nobody(held, noon, told):
    good = held("Good")
    Revision.objects.create(
        content_type=good.content_type,
        base_content_type=good.content_type,
        object_id="999999",
        content={},
        approved_go_live_at=noon - timedelta(hours=1),
    )

    sweep(noon)

    assert read(good) is not None
    assert set(told()) == {"page-999999"}


def test_a_page_that_cannot_be_taken_down_holds_up_no_other(draft, courts, noon, told, monkeypatch):
    """Its own row stands in the way, as a trigger of the database would."""
    other = bring_in(ArticlePage(title="Other", section=courts), "en")
    for article in (draft, other):
        article.expire_at = noon
        publish(article)
    unpublish = ArticlePage.unpublish

    def failing(page, *arguments, **more):
        unpublish(page, *arguments, **more)
        if page.pk == draft.pk:
            raise LookupError("a secret")

    monkeypatch.setattr(ArticlePage, "unpublish", failing)
    sweep(noon)

    assert read(other) is None
    assert read(draft) is not None  # whole or not at all
    alert = told()[f"page-{draft.pk}-ends"]
    assert alert.what == f"Page {draft.pk} is not taken down, though its time has ended."
    assert "a secret" not in str(alert)

    monkeypatch.undo()
    sweep(noon)
    assert read(draft) is None
    assert told() == {}


def test_what_waits_for_approval_and_cannot_be_read_holds_up_no_first_screen(
    draft, editor, courts, reporter
):
    from wagtail.models import Workflow

    draft.save_revision()
    workflow = Workflow.objects.first()
    workflow.start(draft, None)
    Revision.objects.filter(object_id=str(draft.pk)).update(content={"pk": "no number"})

    assert editor.get("/desk/").status_code == 200


def test_files_that_cannot_be_tidied_hold_up_nothing(held, noon, told, settings, tmp_path):
    good = held("Good")
    (tmp_path / "media/pictures/a-folder-that-is-no-file").mkdir(parents=True)

    sweep(noon + timedelta(days=400))

    assert read(good) is not None
    assert set(told()) == {"pictures-tidy"}


def test_a_lost_database_is_no_fault_of_a_page(held, noon, told, monkeypatch):
    from django.db import OperationalError

    held("Good")

    def lost(*_arguments, **_more):
        raise lost_database()

    monkeypatch.setattr(Revision, "publish", lost)
    with pytest.raises(OperationalError), transaction.atomic():
        sweep(noon)

    assert told() == {}
    assert Page.objects.filter(live=False, title="Good").exists()


TYPED = "Petrova"
QUOTES = f"The bridge” {TYPED} “took it” {TYPED}: %s {{}} «{TYPED}» 'and' \"{TYPED}\""


@pytest.fixture
def refused(held, bridge):
    """Two pages that may not come out: one with gaps, one with a slug that is taken."""
    Picture.objects.filter(pk=bridge.pk).update(title=QUOTES, credit="")
    body = [writing.picture(bridge.pk, "", ""), writing.text(f"<p>{QUOTES}</p>")]
    words = {"kicker": TYPED, "standfirst": QUOTES, "dateline": TYPED, "slug": TYPED.lower()}
    gaps = held(QUOTES, **words, body=body, lead_picture=bridge, lead_caption=" ", lead_alt=" ")
    long = held(QUOTES)
    for revision in Revision.objects.filter(object_id=str(long.pk)):
        revision.content |= {"slug": QUOTES * 9, "kicker": QUOTES * 9}
        revision.save()
    return gaps, long


def test_an_alert_holds_no_word_that_somebody_typed(refused, noon, told):
    """Alerts are logged and shown on the first screen to whoever looks after the machine."""
    sweep(noon)
    said = [f"{each.what} {each.explanation} {each.do}" for each in told().values()]

    assert set(told()) == {f"page-{page.pk}" for page in refused}
    assert [TYPED.lower() in each.lower() for each in said] == [False, False]
    assert "The lead photo has no credit." in said[0] + said[1]
    assert "its field “kicker”" in said[0] + said[1]
