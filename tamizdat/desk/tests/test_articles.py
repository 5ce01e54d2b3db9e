from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from tamizdat.lib import clock

MARCH = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)


def publish(article):
    from tamizdat.desk.actions.articles import publish

    publish(article)


def read(article):
    from tamizdat.desk import published

    return published.article(article.pk)


def test_a_draft_does_not_exist_for_readers(draft):
    from tamizdat.desk import published

    assert read(draft) is None
    assert published.card(draft.pk) is None
    assert published.live_ids("en") == []
    assert published.latest("en", 5) == []
    assert published.people("en") == []


def test_a_published_article_is_read_whole(draft, ada, courts):
    from tamizdat.desk import published

    publish(draft)
    article = read(draft)

    assert article.card.headline == "The court let four go"
    assert article.card.section.name == "Courts"
    assert article.card.names == ("Ada Holm",)
    assert article.card.path == f"en/{clock.now():%Y/%m}/the-court-let-four-go.html"
    assert article.body == (
        published.Text("<p>They came down the steps at <strong>six</strong>.</p>"),
    )
    assert article.words == 7
    assert article.updated is None
    assert published.article_by_path(article.card.path) == draft.pk
    assert [person.name for person in published.people("en")] == ["Ada Holm"]


@pytest.mark.parametrize(
    ("roles", "named"),
    [
        (("photographs", "by"), ("Bo Lind",)),
        (("photographs", "translation"), ("Ada Holm", "Bo Lind")),
    ],
    ids=["the writer", "all where nobody is named as the writer"],
)
def test_lists_name_who_wrote_it(draft, ada, roles, named):
    from tamizdat.desk.models import Byline, Person

    bo = Person.objects.create(name="Bo Lind", locale=ada.locale)
    draft.bylines.set([Byline(person=ada, role=roles[0]), Byline(person=bo, role=roles[1])])
    publish(draft)

    assert read(draft).card.names == named


def test_an_article_keeps_its_address_whatever_happens_to_it(draft):
    publish(draft)
    path = read(draft).card.path

    draft.slug = "another-slug"
    publish(draft)

    assert read(draft).card.path == path


def test_the_months_of_addresses_are_counted_in_utc(draft, settings):
    draft.first_published_at = MARCH
    draft.save()
    publish(draft)

    assert read(draft).card.path == "en/2026/03/the-court-let-four-go.html"
    assert read(draft).card.published == MARCH


def test_two_articles_cannot_stand_at_one_address(draft, courts):
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage

    publish(draft)
    first = read(draft).card.path
    draft.slug = "moved"
    publish(draft)
    second = bring_in(ArticlePage(title="The court let four go", section=courts), "en")

    with pytest.raises(ValidationError, match=f"Another article stands at {first} already"):
        publish(second)
    assert read(second) is None


def test_withdrawn_is_gone_for_readers_and_kept_for_the_desk(draft):
    from tamizdat.desk.actions.articles import withdraw

    publish(draft)
    withdraw(draft)

    assert read(draft) is None
    publish(draft)
    assert read(draft) is not None


def test_a_correction_is_dated_and_stays(draft):
    from tamizdat.desk.actions.articles import correct

    publish(draft)
    correct(draft, "We wrote five; four is right.", at=MARCH)
    draft.title = "Four go home"
    publish(draft)

    (correction,) = read(draft).corrections
    assert (correction.at, correction.text) == (MARCH, "We wrote five; four is right.")


def test_updated_says_when_it_was_published_anew(draft):
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage

    later = MARCH + timedelta(hours=2)
    article = bring_in(
        ArticlePage(title="Twice", imported=True), "en", published=MARCH, updated=later
    )

    assert read(article).updated == later


@pytest.mark.parametrize(
    ("headline", "slug"),
    [
        ("Суд отпустил четверых", "sud-otpustil-chetverykh"),
        ("Суд відпустив чотирьох", "sud-vidpustiv-chotirokh"),
        ("«—»", None),
        ("x" * 200, "x" * 60),
    ],
)
def test_addresses_are_plain_letters_in_every_language(desk, headline, slug):
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage

    article = bring_in(ArticlePage(title=headline), "ru")

    assert article.slug == (slug or str(article.translation_key)[:8])


def test_a_persian_headline_makes_an_address_that_can_be_typed(desk):
    from tamizdat.desk.forms.slugs import slug

    made = slug("دادگاه چهار نفر را آزاد کرد")
    assert made.isascii()
    assert len(made) > 10


def test_a_translation_starts_as_a_draft_and_is_known_once_published(draft):
    from tamizdat.desk.actions.articles import translate

    publish(draft)
    copy = translate(draft, "ru")
    assert read(copy) is None
    assert read(draft).translations == ()

    copy.title, copy.slug = "Суд отпустил четверых", ""
    publish(copy)

    there = read(copy)
    assert there.card.language == "ru"
    assert read(draft).translations == (("ru", there.card.path),)
    assert there.translations == (("en", read(draft).card.path),)


def test_a_translation_shows_section_and_names_in_its_language_where_there_are_any(draft, courts):
    from wagtail.models import Locale

    from tamizdat.desk import published
    from tamizdat.desk.actions.articles import translate

    russian = courts.copy_for_translation(Locale.objects.get(language_code="ru"))
    russian.name = "Суды"
    russian.save()
    copy = translate(draft, "ru")
    publish(copy)

    card = read(copy).card
    assert (card.section.name, card.section.id) == ("Суды", russian.pk)
    assert card.section.translations == (("en", "courts"),)
    assert card.names == ("Ada Holm",)
    (person,) = published.people("ru")
    assert person.language == "ru"


def test_what_is_held_comes_out_when_its_time_has_come(draft):
    from tamizdat.desk.tasks import sweep

    noon = clock.now() + timedelta(days=1)
    draft.go_live_at = noon
    publish(draft)
    assert read(draft) is None

    sweep(noon - timedelta(seconds=1))
    assert read(draft) is None

    sweep(noon)
    assert read(draft).card.published == noon
    sweep(noon)
    assert read(draft).updated is None


def test_what_has_ended_is_taken_down(draft):
    from tamizdat.desk.tasks import sweep

    end = clock.now() + timedelta(days=1)
    draft.expire_at = end
    publish(draft)

    sweep(end - timedelta(seconds=1))
    assert read(draft) is not None
    sweep(end)
    assert read(draft) is None


def test_held_articles_that_lost_something_stay_held_and_others_come_out(
    draft, bridge, courts, caplog
):
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage
    from tamizdat.desk.tasks import sweep

    noon = clock.now() + timedelta(days=1)
    draft.lead_picture, draft.lead_caption, draft.lead_alt = bridge, "A bridge.", "A bridge."
    draft.go_live_at = noon
    publish(draft)
    other = bring_in(ArticlePage(title="Other", section=courts, go_live_at=noon), "en")
    publish(other)
    bridge.credit = ""
    bridge.save()

    sweep(noon)

    assert read(draft) is None
    assert read(other) is not None
    assert "has no credit" in caplog.text


def test_lists_are_newest_first_and_cut_by_time(courts):
    from tamizdat.desk import published
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage

    ids = [
        bring_in(
            ArticlePage(title=f"No. {n}", section=courts),
            "en",
            published=MARCH + timedelta(days=n),
        ).pk
        for n in (2, 0, 1)
    ]

    assert published.live_ids("en") == [ids[1], ids[2], ids[0]]
    assert [card.id for card in published.latest("en", 2)] == [ids[0], ids[2]]
    week = published.between("en", MARCH, MARCH + timedelta(days=2))
    assert [card.id for card in week] == [ids[2], ids[1]]
    assert published.live_ids("ru") == []


def test_many_articles_cost_as_many_queries_as_one(
    draft, courts, ada, django_assert_max_num_queries
):
    from tamizdat.desk import published, writing
    from tamizdat.desk.actions.articles import bring_in
    from tamizdat.desk.models import ArticlePage, Byline

    ids = []
    for n in range(12):
        body = [writing.text(f'<p><a linktype="page" id="{draft.pk}">see {n}</a></p>')]
        article = ArticlePage(title=f"No. {n}", section=courts, body=body)
        article.bylines.add(Byline(person=ada))
        ids.append(bring_in(article, "en", published=MARCH).pk)

    with django_assert_max_num_queries(5):
        assert len(published.cards(ids)) == 12
    with django_assert_max_num_queries(9):
        made = published.articles(ids)
    assert made[ids[3]].body[0].html == f'<p><a href="article:{draft.pk}">see 3</a></p>'


def test_change_keys_name_what_was_touched(draft, courts, ada, bridge):
    from tamizdat.desk.models import FrontPage, PlainPage
    from tamizdat.desk.published import change_keys

    front = FrontPage.objects.get(locale__language_code="fa")
    page = PlainPage.objects.first()
    assert change_keys(draft) == (f"article:{draft.pk}",)
    assert change_keys(courts) == (f"section:{courts.pk}",)
    assert change_keys(ada) == (f"person:{ada.pk}",)
    assert change_keys(bridge) == (f"picture:{bridge.pk}",)
    assert change_keys(page) == (f"plain:{page.pk}",)
    assert change_keys(front) == ("front:fa",)
    assert change_keys(front.get_parent()) == ()


def test_the_front_page_shows_only_what_is_published(draft, courts):
    from tamizdat.desk import published
    from tamizdat.desk.models import FrontPage, FrontSecond

    front = FrontPage.objects.get(locale__language_code="en")
    front.lead, front.live_line, front.live_article = draft, "Court in session", draft
    front.seconds.add(FrontSecond(article=draft))
    publish(front)

    assert published.front("en").lead is None
    assert published.front("en").seconds == ()
    publish(draft)
    arranged = published.front("en")
    assert (arranged.lead, arranged.seconds) == (draft.pk, (draft.pk,))
    assert (arranged.live, arranged.live_article) == ("Court in session", draft.pk)


def test_a_correction_is_dated_by_the_newsroom_s_clock(monkeypatch, tmp_path):
    from tamizdat.desk.models import Correction
    from tamizdat.lib import clock

    monkeypatch.setenv(clock.CLOCK_FILE, str(tmp_path / "clock"))
    before = clock.move(timedelta(days=40))

    assert before <= Correction(text="It was Friday.").at <= clock.now()
