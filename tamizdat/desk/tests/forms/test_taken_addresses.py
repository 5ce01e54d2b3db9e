"""No form of the desk breaks on what must be there once: it makes a free one, or says why not."""

import pytest
from wagtail.models import Locale
from wagtail.snippets.models import get_snippet_models

from tamizdat.desk.models import Person, Section, Topic
from tests.at_the_desk import form_of

KINDS = {"section": Section, "topic": Topic, "person": Person}
NAME = "Ivan Petrov"
ASKED = {
    ("desk.Section", ("locale", "slug")),
    ("desk.Topic", ("locale", "slug")),
    ("desk.Person", ("locale", "slug")),
    ("letters.Newsletter", ("code",)),
    ("letters.NewsletterText", ("newsletter", "language")),
}


def add(editor, kind, language="en", **typed):
    at = f"/desk/snippets/desk/{kind}/add/?locale={language}"
    form = form_of(editor.get(at).content.decode(), at.partition("?")[0])
    return editor.post(at, form | {"name": NAME} | typed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_of_one_name_gets_an_address_of_its_own(editor, demonstration, kind):
    for _ in range(3):
        assert add(editor, kind).status_code == 302

    slugs = KINDS[kind].objects.filter(name=NAME).values_list("slug", flat=True)
    assert sorted(slugs) == ["ivan-petrov", "ivan-petrov-2", "ivan-petrov-3"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_typed_address_that_is_taken_is_refused_at_its_field(editor, demonstration, kind):
    add(editor, kind)

    answer = add(editor, kind, name="Another", slug="ivan-petrov")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "is the address of “Ivan Petrov” already" in page
    assert 'value="Another"' in page
    assert add(editor, kind, "ru", slug="ivan-petrov").status_code == 302


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_is_not_changed_to_one_that_is_taken(editor, demonstration, kind):
    add(editor, kind)
    add(editor, kind)
    second = KINDS[kind].objects.get(slug="ivan-petrov-2")
    at = f"/desk/snippets/desk/{kind}/edit/{second.pk}/"
    form = form_of(editor.get(at).content.decode(), at)

    assert editor.post(at, form | {"slug": "ivan-petrov"}).status_code == 200
    assert editor.post(at, form).status_code == 302
    second.refresh_from_db()
    assert second.slug == "ivan-petrov-2"


@pytest.mark.parametrize("kind", KINDS)
def test_a_translation_gets_an_address_that_is_free_in_its_language(editor, demonstration, kind):
    add(editor, kind)
    add(editor, kind, "ru")
    ru = Locale.objects.get(language_code="ru")
    original = KINDS[kind].objects.get(locale__language_code="en")
    at = f"/desk/translation/submit/snippet/desk/{kind}/{original.pk}/"

    assert editor.post(at, {"locales": [ru.pk]}).status_code == 302

    made = KINDS[kind].objects.get(locale=ru, translation_key=original.translation_key)
    assert made.slug == "ivan-petrov-2"


@pytest.mark.django_db
def test_the_longest_names_have_free_addresses_too():
    en = Locale.objects.get_or_create(language_code="en")[0]
    made = [Topic.objects.create(name="a" * 120, locale=en).slug for _ in range(12)]

    assert len(set(made)) == 12
    assert max(map(len, made)) <= 60


def test_every_constraint_that_a_form_can_break_is_known():
    """Who adds one says here that a form asks for it before the database does."""
    found = set()
    for viewset in (model.snippet_viewset for model in get_snippet_models()):
        form = viewset.get_edit_handler().get_form_class()
        for each in (form, *(rows.form for rows in getattr(form, "formsets", {}).values())):
            found |= {(each._meta.model._meta.label, names) for names in constrained(each)}

    assert found == ASKED


def constrained(form):
    """The fields that only one row may have together, where somebody types one of them."""
    about = form._meta.model._meta
    alone = {(field.name,) for field in about.fields if field.unique}
    together = {tuple(each.fields) for each in about.constraints if hasattr(each, "fields")}
    everything = alone | together | {tuple(each) for each in about.unique_together}
    return {names for names in everything if set(names) & set(form.base_fields)}
