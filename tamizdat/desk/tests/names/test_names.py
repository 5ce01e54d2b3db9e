"""Somebody's name is withdrawn: nobody finds it, and editors hear where it still stands."""

import json
import re

import pytest

from tamizdat.desk.spellings import Spellings


@pytest.fixture
def twin(ada):
    """Ada in Russian."""
    from wagtail.models import Locale

    from tamizdat.desk.models import Person

    return Person.objects.create(
        name="Ада Хольм",
        locale=Locale.objects.get(language_code="ru"),
        translation_key=ada.translation_key,
    )


@pytest.fixture
def published_twice(draft, ada):
    """An article with two versions, and a third that is a draft; a log; a picture of hers."""
    from wagtail.log_actions import log

    from tamizdat.desk.actions.articles import publish

    publish(draft)
    draft.kicker = "Court"
    publish(draft)
    draft.save_revision(log_action=True)
    log(ada, "wagtail.edit", data={"name": ada.name})
    return draft


def withdraw(person, *more, **how):
    from tamizdat.desk.names import actions

    return actions.withdraw(person, *more, **how)


def everything():
    """Return all that the desk's database holds, as text in which no letter is escaped."""
    from django.apps import apps

    rows = []
    for model in apps.get_models():
        if model._meta.app_label in ("counter", "till"):
            continue
        for row in model._default_manager.values():
            said = {name: _plain(value) for name, value in row.items()}
            rows.append(f"{model.__name__} {json.dumps(said, ensure_ascii=False, default=str)}")
    return "\n".join(rows)


def _plain(value):
    return getattr(value, "raw_data", value) if not isinstance(value, bytes) else value.hex()


def names_of(article):
    from tamizdat.desk import published

    return published.article(article.pk).card.names


def newest(article):
    from tamizdat.desk.models import ArticlePage

    return ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Photograph: Ada Holm / Agency", True),
        ("ADA  HOLM", True),
        ("ada-holm", True),
        ("Ada Holmes", False),
        ("Нада Хольмская", False),
        ("сказала Ада Хольм.", True),
        ("ФОТО: АДА ХОЛЬМ", True),
        ("<p>said Ada&nbsp;<b>Holm</b></p>", True),
        ("said Ada\u00a0Holm", True),
        ("<li>Ada</li><li>Holm</li>", True),
        ("<p>Ada <b>Holm</b>es</p>", False),
        ("Ada &amp; Holm", False),
    ],
    ids=[
        *("a credit", "capitals and spaces", "an address", "another", "within words", "Cyrillic"),
        *("Cyrillic capitals", "tags and an entity", "a fixed space", "neighbours in a list"),
        *("a part of a word in bold", "somebody else, too"),
    ],
)
def test_a_text_holds_a_name_as_words_of_its_own(text, held):
    assert Spellings.of(["Ada Holm", "ada-holm", "Ада Хольм"]).hold(text) is held


@pytest.mark.parametrize(
    "name",
    [
        *("D’Arcy O'Neill-Brand", "Zoë Ångström", "Лариса Ёлкина", "Li Wu", "Ли Ю", "Ким Ир Сен"),
        *(
            "Вʼячеслав Коваль",
            "Марʼяна Ґе",
            "А. Б. Ли",
            "Павел Королев",
            "علی کریمی",
            "علی\u200cرضا نجفی",
        ),
    ],
)
@pytest.mark.parametrize(
    "typed",
    [
        str.upper,
        str.lower,
        lambda name: name.replace("’", "'").replace("ʼ", "‘").replace("-", "–"),
        lambda name: name.replace("'", "&#x27;").replace("ʼ", "&#x2019;"),
        lambda name: name.replace(" ", "\u00a0"),
        lambda name: name.replace(" ", "&nbsp;</b>"),
        lambda name: name.replace(" ", "\n  "),
        lambda name: f"<b>{name[0]}</b>{name[1:]}" if re.search(r"\w{4}", name) else name,
        lambda name: name.replace("ی", "ي").replace("ک", "ك").replace("\u200c", " "),
        lambda name: name.replace("Ё", "Е").replace("ё", "е"),
        lambda name: name.replace("вел", "вёл").replace("лев", "лёв"),
        lambda name: f"a_{name.replace(' ', '_')}_b.jpg",
    ],
    ids=[
        *("capitals", "none", "other signs", "entities", "fixed space", "tag", "new line"),
        *("initial in bold", "Arabic letters", "without points", "with points", "a file's name"),
    ],
)
def test_a_name_is_found_however_it_is_typed(name, typed):
    """What holds it holds a trace, too: in any capitals of ASCII, in these of other scripts."""
    spellings, text = Spellings.of([name]), f"— {typed(name)}."

    assert spellings.hold(text)
    assert any(
        all(any(_stands(form, text) for form in word) for word in trace)
        for trace in spellings.sought
    )


def _stands(form, text):
    return form in text or (form.isascii() and form in text.lower())


def test_a_stress_mark_or_a_soft_hyphen_hides_no_name():
    spellings = Spellings.of(["Ада Хольм", "Ada O'Holm"])

    assert spellings.hold("А\u0301да Хо\u0301льм")
    assert spellings.hold("А\u0301да Хо&shy;льм")
    assert spellings.hold('<a title="Ada O&#x27;Holm">here</a>')


def test_very_many_short_spellings_are_looked_for_in_portions(published_twice, ada):
    also = [f"{one}и {other}ю" for one in "бвгдклмнпрст" for other in "прстфхцчш"]

    left = withdraw(ada, also=[*also, *(f"щ{one}ъ" for one in "бвгдклмнпрст")])

    assert left.mentions == []


def test_names_too_short_to_look_for_are_left_out():
    assert Spellings.of(["Li", ""]).hold("Li and others") is False


def test_nothing_in_the_database_holds_the_name_any_more(published_twice, ada, twin, bridge):
    bridge.credit = "Ada Holm / Agency"
    bridge.save()
    for name in ("Ada Holm", "Ада Хольм", "ada-holm"):
        assert name in everything()

    left = withdraw(ada)

    for name in ("Ada Holm", "Ада Хольм", "ada-holm"):
        assert name not in everything()
    assert (left.mentions, left.carried) == ([], [])
    bridge.refresh_from_db()
    assert bridge.credit == "The newsroom / Agency"


def test_the_newsroom_signs_in_each_language(published_twice, ada, twin):
    from tamizdat.desk import published
    from tamizdat.desk.actions.articles import publish, translate

    russian = translate(published_twice, "ru")
    publish(russian)

    withdraw(ada)

    assert names_of(published_twice) == ("The newsroom",)
    assert names_of(russian) == ("Редакция",)
    assert [(one.name, one.kind) for one in published.people("ru")] == [("Редакция", "agency")]


def test_the_newsroom_is_made_once(published_twice, ada, twin):
    from tamizdat.desk.names.actions import the_newsroom

    assert the_newsroom() == the_newsroom()


def test_somebody_else_may_stand_there_and_signs_once(published_twice, ada):
    from tamizdat.desk.actions.articles import publish
    from tamizdat.desk.models import Byline, Person

    bo = Person.objects.create(name="B. Lind", kind="pseudonym", locale=ada.locale)
    published_twice.bylines.add(Byline(person=bo, role="by"))
    publish(published_twice)

    withdraw(ada, bo)

    assert names_of(published_twice) == ("B. Lind",)
    reopened = newest(published_twice)
    assert [line.person for line in reopened.bylines.all()] == [bo]


def test_what_was_only_a_draft_is_signed_by_somebody_else_too(draft, ada):
    withdraw(ada)

    reopened = newest(draft)
    assert [line.person.name for line in reopened.bylines.all()] == ["The newsroom"]


def test_texts_are_listed_and_not_touched(published_twice, ada):
    from tamizdat.desk import writing
    from tamizdat.desk.actions.articles import publish

    published_twice.body = [writing.text("<p>“No,” A. Holm said. Ada Holm left.</p>")]
    published_twice.lead_caption = "Ada Holm on the steps"
    publish(published_twice)

    left = withdraw(ada, also=["A. Holm"])

    assert [(one.what, one.places) for one in left.mentions] == [
        ("Article: The court let four go (en)", ("caption", "body", "draft"))
    ]
    assert left.mentions[0].href.endswith(f"/{published_twice.pk}/edit/")
    published_twice.refresh_from_db()
    assert published_twice.lead_caption == "Ada Holm on the steps"


def test_a_name_in_any_script_is_found_in_drafts_and_their_quotations(published_twice, ada, twin):
    from tamizdat.desk import writing

    published_twice.body = [writing.quote("«Нет», сказала Ада Хольм.")]
    published_twice.save_revision()

    assert [one.places for one in withdraw(ada).mentions] == [("draft",)]


@pytest.mark.parametrize(
    "text",
    [
        "<p>«Нет», сказала Ада&nbsp;<b>Хольм</b>.</p>",
        "<p>ФОТО: АДА ХОЛЬМ</p>",
        "<p>#адахольм, ада\u00a0хольм</p>",
        "<p>said <em>Ada</em>\u00a0Holm</p>",
        "<p>ADA&nbsp;HOLM</p>",
        "<p>Ada <b>H</b>olm</p>",
        "<p>said Ли&nbsp;Ю</p>",
        "<p>«Я», сказал В'ячеслав О. Ґе. 50%_</p>",
        "<p>said “Бо” Як</p>",
    ],
)
def test_a_name_is_found_however_it_is_set(draft, ada, twin, text):
    from tamizdat.desk import writing
    from tamizdat.desk.actions.articles import publish

    draft.body = [writing.text(text)]
    publish(draft)

    left = withdraw(ada, also=["Ли Ю", "Вʼячеслав О. Ґе", "“Бо” Як"])

    assert [one.places for one in left.mentions] == [("body", "draft")]


def test_versions_from_before_a_text_was_mended_go_with_the_next_look(published_twice, ada):
    from wagtail.models import Revision

    from tamizdat.desk.actions.articles import publish
    from tamizdat.desk.names.actions import look_again

    published_twice.standfirst = "Ada Holm saw it."
    publish(published_twice)
    left = withdraw(ada)
    published_twice.refresh_from_db()
    published_twice.standfirst = "We saw it."
    publish(published_twice)
    assert "Ada Holm" in everything()

    assert look_again(left.spellings).mentions == []
    assert "Ada Holm" not in everything()
    assert Revision.objects.filter(object_id=str(published_twice.pk)).exists()


def test_an_import_s_ledger_forgets_the_author(published_twice, ada):
    from tamizdat.desk.models import ImportedItem

    ImportedItem.objects.create(
        source="wordpress:example.org", kind="author", key="ada holm", target=f"person:{ada.pk}"
    )

    withdraw(ada)

    assert not ImportedItem.objects.exists()


def test_an_editor_is_told_first_and_then_does_it(editor, published_twice, ada):
    from tamizdat.desk.models import Person

    address = f"/desk/names/{ada.pk}/withdraw/"
    assert address in editor.get(f"/desk/snippets/desk/person/edit/{ada.pk}/").content.decode()
    assert address in editor.get("/desk/snippets/desk/person/").content.decode()

    page = editor.post(address, {"look": "", "also": ""}).content.decode()
    assert "1 article and 0 picture credits" in page
    assert Person.objects.filter(pk=ada.pk).exists()

    answer = editor.post(address, {"withdraw": "", "also": "A. Holm"})
    assert "The name is withdrawn" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert names_of(published_twice) == ("The newsroom",)
    again = editor.post("/desk/names/withdrawn/", {"spelling": ["Ada Holm", "A. Holm"]})
    assert "None that we know of" in again.content.decode()


def test_a_reporter_may_not(reporter, ada):
    from tamizdat.desk.models import Person

    address = f"/desk/names/{ada.pk}/withdraw/"

    assert reporter.post(address, {"withdraw": ""}).status_code in (302, 403)
    assert Person.objects.filter(pk=ada.pk).exists()
    assert address not in reporter.get("/desk/snippets/desk/person/").content.decode()
