import pytest
from django.contrib.auth.models import Group
from wagtail.models import Locale, Page, Site

from tamizdat.desk import models, published
from tamizdat.desk.actions.newsroom import lay_out
from tamizdat.desk.first_pages import first_pages


def test_a_new_desk_has_a_front_page_a_shelf_and_plain_pages_in_each_language(desk):
    for language in desk.languages:
        slugs = [page.slug for page in published.plains(language)]
        assert slugs == ["about", "contact", "corrections", "privacy"]
        assert models.ArticleIndex.objects.filter(locale__language_code=language).count() == 1
        assert published.front(language).lead is None
    assert Site.objects.get().root_page.specific.locale.language_code == desk.language
    assert {group.name for group in Group.objects.all()} == {"Editors", "Reporters"}


def test_laying_out_twice_changes_nothing(desk):
    page = models.PlainPage.objects.get(slug="about", locale__language_code="en")
    page.title = "Who we are"
    page.save()
    before = list(Page.objects.order_by("path").values_list("path", "title"))

    lay_out(desk)

    assert list(Page.objects.order_by("path").values_list("path", "title")) == before
    assert Locale.objects.count() == len(desk.languages)


def test_laying_out_again_gives_groups_what_they_lack_and_brings_no_page_back(desk):
    editors = Group.objects.get(name="Editors")
    before = set(editors.permissions.values_list("codename", flat=True))
    editors.permissions.remove(*editors.permissions.filter(codename__endswith="_topic"))
    models.PlainPage.objects.get(slug="contact", locale__language_code="en").delete()

    lay_out(desk)

    assert set(editors.permissions.values_list("codename", flat=True)) == before
    assert "contact" not in [page.slug for page in published.plains("en")]


def test_the_pages_of_all_languages_are_each_others_translations(desk):
    privacy = published.plain_by_slug("ru", "privacy")

    assert privacy.version == "1"
    assert privacy.path == "ru/privacy.html"
    assert privacy.translations == (
        ("en", "en/privacy.html"),
        ("fa", "fa/privacy.html"),
        ("uk", "uk/privacy.html"),
    )


@pytest.mark.parametrize(
    ("language", "kept"),
    [
        ("en", ("currency", "the month of", "country of the card", "references", "fingerprint")),
        ("ru", ("валюту", "месяц каждого", "страну карты", "номера", "отпечаток ссылки")),
        ("uk", ("валюту", "місяць кожного", "країну картки", "номери", "відбиток посилання")),
        ("fa", ("ارز", "ماه هر پرداخت", "کشور کارت", "شناسه‌های سرویس", "اثر انگشت پیوندی")),
    ],
)
def test_the_first_privacy_page_names_what_the_books_keep_of_a_gift(language, kept):
    (privacy,) = [page for page in first_pages(language, "The Sheet") if page.slug == "privacy"]

    giving = privacy.html.split("<p>")[3]
    assert [words for words in kept if words not in giving] == []
