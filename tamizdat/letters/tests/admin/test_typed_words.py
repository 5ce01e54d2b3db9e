"""No button of an issue's page loses what an editor typed."""

import re

import pytest

from tamizdat.desk import published
from tamizdat.letters.actions import issues
from tamizdat.letters.admin import draft_views
from tamizdat.letters.delivery import deliver_due
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.newsletters import drafting
from tamizdat.letters.newsletters.drafting import Draft
from tamizdat.letters.tests.issue_page import composed, filled_in, page_of, try_out
from tamizdat.lib import clock
from tests.approved_issue import approve_untested
from tests.at_the_desk import form_of

pytestmark = pytest.mark.django_db(databases=["default", "counter"])
TYPED = {"subject": "My subject", "greeting": "My greeting.", "signoff": "My farewell."}
INTRO = "My introduction."
BUTTONS = ["", "try/", "approve/", "send/", "discard/"]


@pytest.fixture
def issue(editor, friday):
    found, _ = composed(editor, friday)
    return found


def typed(issue, **more):
    """What the page sends after somebody typed into every field."""
    words = TYPED | {"item-0-intro": INTRO, "address": "me@example.org"} | more
    return filled_in(issue, **words)


def at(issue, button=""):
    return f"/desk/letters/{issue.pk}/{button}"


def kept(issue):
    """The words that are saved."""
    found = Issue.objects.filter(pk=issue.pk).first()
    if found is None:
        return ""
    intros = found.items.values_list("intro", flat=True)
    return "\n".join([found.subject, found.greeting, found.signoff, *intros])


def saved(_issue):
    """Nothing happened meanwhile."""


def changed(issue):
    issues.edit(issue, Draft("Their subject", "Their greeting."))


def sent(issue):
    Issue.objects.filter(pk=issue.pk).update(greeting="Theirs.")
    issues.send(approve_untested(issue), clock.now())


def thrown_away(issue):
    issues.discard(issue)


def unpublished(newsdesk, article):
    newsdesk.unpublish(article.pk)


def deleted(_newsdesk, article):
    article.delete()


@pytest.mark.parametrize("button", BUTTONS, ids=lambda each: each or "save")
@pytest.mark.parametrize("meanwhile", [saved, changed, sent, thrown_away])
@pytest.mark.parametrize("subject", ["My subject", ""], ids=["whole", "without a subject"])
def test_what_was_typed_is_saved_or_on_the_page_that_follows(
    editor, issue, button, meanwhile, subject
):
    form = typed(issue, subject=subject)
    meanwhile(issue)

    answer = editor.post(at(issue, button), form, follow=True)

    left = kept(issue) + answer.content.decode()
    for words in (subject, TYPED["greeting"], TYPED["signoff"], INTRO):
        assert words in left


def test_the_page_of_a_draft_has_no_form_but_that_of_its_words(editor, issue):
    """Else a button of the other form would send none of them."""
    approve_untested(issue)
    page = page_of(editor, issue)
    main = page[page.index('class="letters nice-padding"') :]

    assert re.findall(r"<form[^>]* id=\"(\w+)\"", main) == ["issue"]
    assert main.count("<form") == 1
    buttons = re.findall(r"<button[^>]*>", main[main.index("</form>") :])
    assert buttons
    assert all('form="issue"' in each for each in buttons)


def test_the_test_holds_the_words_on_the_screen(editor, issue, mailbox):
    editor.post(at(issue, "try/"), typed(issue))
    deliver_due(clock.now())

    assert mailbox.only()["Subject"] == TYPED["subject"]
    assert Issue.objects.get().state == "tested"


@pytest.mark.parametrize("button", ["approve/", "send/"])
def test_words_that_nobody_tested_are_saved_and_go_no_further(editor, issue, button):
    try_out(editor, issue)
    fresh = Issue.objects.get(pk=issue.pk)
    if button == "send/":
        issues.approve(fresh)

    page = editor.post(at(issue, button), typed(issue), follow=True).content.decode()

    assert "What you typed is saved." in page
    assert "Send yourself a test" in page
    assert Issue.objects.get().state == "draft"
    assert not Letter.objects.filter(kind="issue").exists()


def test_the_same_words_are_tested_approved_and_sent_from_one_page(editor, issue, subscribe):
    subscribe("ada@example.org")
    form = typed(issue)
    editor.post(at(issue, "try/"), form)
    deliver_due(clock.now())
    for button, state in (("approve/", "approved"), ("send/", "sending")):
        fields = form_of(page_of(editor, issue), at(issue))
        editor.post(at(issue, button), fields)

        assert Issue.objects.get().state == state


def test_after_a_change_of_its_articles_each_text_stands_under_its_own(editor, issue, newsdesk):
    form = typed(issue)
    mine = next(iter(issue.items.all()))
    changed(issue)
    newsdesk.article("A bridge is painted", published=clock.now())

    page = editor.post(at(issue), form).content.decode()

    under = page[: page.index(INTRO)].rpartition('<strong dir="auto">')[2]
    assert under.startswith(published.card(mine.article).headline)


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (sent, "This issue was sent meanwhile"),
        (thrown_away, "Somebody threw this draft away meanwhile."),
    ],
)
def test_of_two_editors_the_later_learns_what_the_other_did(editor, issue, meanwhile, said):
    form = typed(issue)
    meanwhile(issue)

    answer = editor.post(at(issue), form)

    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert "Copy from here" in answer.content.decode()


@pytest.mark.parametrize("meanwhile", [sent, thrown_away])
def test_what_happens_between_the_look_and_the_save_is_told_too(
    editor, issue, monkeypatch, meanwhile
):
    form, edit = typed(issue), issues.edit

    def late(found, *words):
        meanwhile(issue)
        return edit(found, *words)

    monkeypatch.setattr(draft_views.issues, "edit", late)

    answer = editor.post(at(issue), form)

    assert answer.status_code == 409
    assert TYPED["greeting"] in answer.content.decode()


def test_pressing_send_twice_shows_what_was_sent(editor, issue):
    issues.edit(issue, Draft("A subject", "Good evening."))
    approve_untested(issue)
    form = form_of(page_of(editor, issue), at(issue))
    for _ in range(2):
        answer = editor.post(at(issue, "send/"), form)
        assert answer.status_code == 302

    assert "This issue was sent meanwhile" in editor.get(at(issue)).content.decode()


def test_somebody_s_newer_words_are_not_thrown_away(editor, issue):
    form = typed(issue)
    changed(issue)

    page = editor.post(at(issue, "discard/"), form).content.decode()

    assert "so it was not thrown away" in page
    assert Issue.objects.exists()


def test_to_throw_away_is_asked_first(editor, issue):
    page = page_of(editor, issue)

    asked = page[page.index("Throw this draft away…") :]
    assert page[: page.index("Throw this draft away…")].rstrip().endswith("<summary>")
    assert "There is no way back." in asked[: asked.index("discard/")]


def test_to_send_to_nobody_is_asked_first(editor, issue):
    approve_untested(issue)

    page = page_of(editor, issue)

    assert "Send to 0" not in page
    assert "Nobody is subscribed in this language." in page[: page.index("send/")]


def test_an_address_that_is_none_costs_no_words(editor, issue):
    page = editor.post(at(issue, "try/"), typed(issue) | {"address": "me"}).content.decode()

    assert "no e-mail address" in page
    assert 'value="me"' in page
    assert TYPED["greeting"] in kept(issue)
    assert not Letter.objects.exists()


def test_an_address_that_stands_there_while_saving_stays(editor, issue):
    page = editor.post(at(issue), typed(issue)).content.decode()

    assert 'value="me@example.org"' in page
    assert "No test was sent" in page


@pytest.mark.parametrize("button", BUTTONS)
def test_words_typed_in_a_session_that_ended_are_shown_to_be_copied(editor, issue, button):
    editor.logout()
    page = editor.post(at(issue, button), typed(issue), HTTP_ORIGIN="http://testserver")

    assert page.status_code == 401
    shown = re.findall(r"<textarea[^>]*readonly[^>]*>([^<]*)<", page.content.decode())
    assert {*TYPED.values(), INTRO} <= set(shown)
    assert "me@example.org" not in page.content.decode()
    assert kept(issue) != TYPED


def test_another_site_cannot_have_the_desk_show_its_words(editor, issue):
    editor.logout()
    for origin in ("https://evil.example", "null", "http://testserver.evil.example"):
        page = editor.post(at(issue), typed(issue), HTTP_ORIGIN=origin)
        assert page.status_code in (302, 403)
        assert INTRO not in page.content.decode()


def test_an_introduction_is_kept_also_where_its_article_is_left_out(editor, issue):
    form = typed(issue)
    del form["item-0-included"]
    article = int(form["item-0-article"])
    for button in ("", "try/"):
        editor.post(at(issue, button), form)
        form["draft_digest"] = drafting.draft_digest(issue)

        row = issue.items.get(article=article)
        assert (row.intro, row.included) == (INTRO, False)
    page = page_of(editor, issue)
    assert INTRO in page
    letter = editor.get(at(issue, "preview/html")).content.decode()
    assert INTRO not in letter
    assert published.card(article).headline not in letter


def test_an_article_that_is_unpublished_for_a_moment_stays_in_the_issue(editor, issue, newsdesk):
    editor.post(at(issue), typed(issue))
    article = issue.items.get(intro=INTRO).article
    before = list(issue.items.values_list("article", flat=True))
    newsdesk.unpublish(article)
    page = page_of(editor, issue)
    assert "An article that is not published now" in page
    editor.post(at(issue), form_of(page, at(issue)) | {"greeting": "Another one."})

    issue.refresh_from_db()
    assert issue.greeting == "Another one."
    assert list(issue.items.values_list("article", flat=True)) == before
    assert issue.items.get(article=article).intro == INTRO
    assert INTRO not in editor.get(at(issue, "preview/html")).content.decode()


@pytest.mark.parametrize("button", BUTTONS, ids=lambda each: each or "save")
@pytest.mark.parametrize("included", [{"included": "on"}, {}], ids=["in", "left out"])
@pytest.mark.parametrize("goes", [unpublished, deleted])
def test_an_introduction_outlives_the_article_that_goes_meanwhile(
    editor, issue, newsdesk, goes, included, button
):
    """Also of an article of the list below, which was never saved in the issue."""
    late = newsdesk.article("Late news", published=clock.now())
    n = issue.items.count()
    row = {"article": late.pk, "form": "teaser", "intro": "Of late news.", **included}
    form = typed(issue, **{f"item-{n}-{name}": said for name, said in row.items()})
    form["item-TOTAL_FORMS"] = n + 1
    goes(newsdesk, late)

    answer = editor.post(at(issue, button), form, follow=True)

    page = answer.content.decode()
    assert "Of late news." in page
    if button != "discard/":
        assert "Of late news." in kept(issue)
        assert "An article that is not published now" in page
        assert "Of late news." not in editor.get(at(issue, "preview/html")).content.decode()
