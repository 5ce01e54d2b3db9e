"""Dates at the desk are from 1900 to 2199: others break pages for colleagues further east."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django import forms
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from wagtail.models import Page, Revision, get_page_models
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import inline_formset
from wagtail.users.models import UserProfile

from tamizdat.desk.forms import dates
from tamizdat.desk.tests.forms.test_forms import newest, send, typed

pytestmark = pytest.mark.django_db(databases=["default", "counter", "till"])

REFUSED = ["9999-12-31", "2200-01-01", "1899-12-31", "1000-01-01", "0001-01-01"]
TAKEN = ["1900-01-01", "2026-11-30", "2199-12-31"]
FAR = datetime(9999, 12, 31, 22, 59, tzinfo=UTC)


def page_forms():
    return [model.get_edit_handler().get_form_class() for model in get_page_models()]


def snippet_forms():
    viewsets = [model.snippet_viewset for model in get_snippet_models()]
    return [viewset.get_edit_handler().get_form_class() for viewset in viewsets]


def with_rows(form):
    """Yield a form and those of its rows."""
    yield form
    for rows in getattr(form, "formsets", {}).values():
        yield from with_rows(rows.form)


def date_fields():
    for each in (*page_forms(), *snippet_forms()):
        for form in with_rows(each):
            for name, field in form.base_fields.items():
                if isinstance(field, forms.DateField | forms.DateTimeField):
                    yield f"{form._meta.model.__name__}.{name}", field


def as_typed(field, day):
    return f"{day} 23:59" if isinstance(field, forms.DateTimeField) else day


def test_every_date_of_every_form_is_of_these_years(desk):
    found = dict(date_fields())
    for field in found.values():
        for day in REFUSED:
            with pytest.raises(ValidationError, match="Dates are from 1900 to 2199"):
                field.clean(as_typed(field, day))
        for day in TAKEN:
            assert field.clean(as_typed(field, day))

    assert {"ArticlePage.go_live_at", "ArticlePage.expire_at", "Correction.at"} < set(found)


@pytest.mark.parametrize("day", REFUSED)
@pytest.mark.parametrize("field", ["go_live_at", "expire_at", "corrections"])
def test_such_a_date_is_refused_in_a_sentence_and_nothing_typed_is_lost(
    editor, courts, draft, day, field
):
    at = f"{day} 23:59"
    more = {field: at}
    if field == "corrections":
        more = {field: inline_formset([{"at": at, "text": "It was five."}])}
    answer = send(editor, typed(courts, kicker="At noon", **more), draft)

    page = answer.content.decode()
    assert dates.REFUSED in page
    assert "At noon" in page


def kept_by_an_older_version(article):
    """An article that is held, and corrected, on the last day there is."""
    article.corrections.create(at=FAR, text="It was five.")
    article.go_live_at = article.expire_at = FAR
    revision = article.save_revision(approved_go_live_at=FAR)
    Page.objects.filter(pk=article.pk).update(go_live_at=FAR, expire_at=FAR)
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=FAR)


def sits_further_east(user):
    profile = UserProfile.get_for_user(user)
    profile.current_time_zone = "Pacific/Auckland"
    profile.save()


def test_a_date_that_an_older_version_kept_breaks_no_page(editor, draft):
    kept_by_an_older_version(draft)
    import_module("tamizdat.desk.migrations.0010_dates_within_reach")._within_reach(apps, None)
    sits_further_east(User.objects.get())
    addresses = ("/desk/", "/desk/articles/", f"/desk/pages/{draft.pk}/edit/",
                 f"/desk/pages/{draft.pk}/history/", f"/desk/pages/{draft.pk}/delete/")  # fmt: skip

    assert [editor.get(each).status_code for each in addresses] == [200] * len(addresses)
    assert newest().go_live_at.year == dates.LAST


ASKED = ("timestamp", "last_published_at", "latest_revision_created_at", "first_published_at",
         "started_at", "finished_at", "created_at", "date_joined", "last_login")  # fmt: skip


@pytest.mark.parametrize("day", REFUSED)
def test_such_a_date_in_a_question_breaks_no_list(editor, draft, day):
    sits_further_east(User.objects.get())
    User.objects.update(is_superuser=True)
    asked = {f"{name}_{end}": day for name in ASKED for end in ("from", "to", "after", "before")}
    lists = ("/desk/reports/aging-pages/", "/desk/reports/site-history/", "/desk/articles/",
             "/desk/reports/workflow/", "/desk/reports/workflow_tasks/", "/desk/reports/locked/",
             f"/desk/pages/{draft.pk}/history/", "/desk/pages/", "/desk/users/", "/desk/images/",
             "/desk/snippets/desk/person/")  # fmt: skip

    assert {editor.get(each).status_code for each in lists} == {200}, "is it still there?"
    assert {editor.get(each, asked).status_code for each in lists} <= {200, 404}
