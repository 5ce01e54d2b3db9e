"""What is in use is not deleted, whoever uses it; walked over all relations that there are."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, ReferenceIndex
from wagtail.snippets.models import get_snippet_models

from tamizdat.desk.models import Topic
from tamizdat.desk.pages import uses
from tamizdat.desk.tests.conftest import signed_in
from tamizdat.lib import clock

pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def admin(desk, demonstration):
    return signed_in("Eva Lind", "admin")


@pytest.fixture
def topic(draft):
    made = Topic.objects.create(name="Trials", locale=Locale.objects.get(language_code="en"))
    draft.topics.add(made)
    draft.save()
    return made


@pytest.fixture
def newsletter(desk):
    made, now = apps.get_model("letters.Newsletter").objects.create(code="monthly"), clock.now()
    apps.get_model("letters.Issue").objects.create(
        newsletter=made, language="en", since=now, until=now
    )
    return made


def delete(one, *, in_bulk):
    meta = one._meta
    if in_bulk:
        return f"/desk/bulk/{meta.app_label}/{meta.model_name}/delete/?id={one.pk}"
    return f"/desk/snippets/{meta.app_label}/{meta.model_name}/delete/{one.pk}/"


@pytest.mark.parametrize("in_bulk", [False, True], ids=["alone", "in bulk"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("what", "by"), [("topic", "used by 1 article,"), ("newsletter", "used by 1 issue,")]
)
def test_what_is_in_use_is_not_deleted(admin, what, by, method, in_bulk, request):
    one = request.getfixturevalue(what)
    page = getattr(admin, method)(delete(one, in_bulk=in_bulk), follow=True)

    assert page.status_code == 200
    assert by in page.content.decode()
    assert type(one).objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("in_bulk", [False, True], ids=["alone", "in bulk"])
@pytest.mark.parametrize("what", ["topic", "newsletter"])
def test_what_is_used_no_more_is_deleted(admin, draft, what, in_bulk, request):
    one = request.getfixturevalue(what)
    draft.topics.clear()
    draft.save()
    getattr(one, "issues", Topic.objects.none()).all().delete()
    assert admin.get(delete(one, in_bulk=in_bulk)).status_code == 200
    admin.post(delete(one, in_bulk=in_bulk))

    assert not type(one).objects.filter(pk=one.pk).exists()


def deletable(model):
    """Return whether rows of this kind can be deleted at the desk."""
    others = (Page, get_image_model(), User, Group)
    return model in get_snippet_models() or issubclass(model, others)


def relations():
    """Every field of ours that a deletion at the desk would break, or forget."""
    for model in apps.get_models():
        if model.__module__.startswith("tamizdat."):
            for field in (*model._meta.fields, *model._meta.many_to_many):
                fast = getattr(field.remote_field, "on_delete", None) in uses.HOLDS_FAST
                if (fast or field.many_to_many) and deletable(field.related_model):
                    yield field


def known_to_the_cms(field):
    return field.model in ReferenceIndex.tracked_models and not field.many_to_many


def told(field):
    return set(uses.unindexed(field.related_model))


def test_every_relation_is_known_to_the_cms_or_to_us(desk):
    """We are asked about snippets alone."""
    found = {str(field): field for field in relations()}
    unknown = {
        name
        for name, field in found.items()
        if not known_to_the_cms(field)
        and not (field.related_model in get_snippet_models() and field in told(field))
    }

    assert unknown == set()
    assert {"desk.ArticlePage.topics", "letters.Issue.newsletter"} < set(found)
