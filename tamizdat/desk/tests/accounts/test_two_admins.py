"""No admin's form gives back what another one took since it was opened."""

import pytest
from django.contrib.auth.models import Group, User
from wagtail.models import (
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
)

from tamizdat.desk.accounts.actions.groups import EDITORS
from tamizdat.desk.tests.conftest import PASSWORD, signed_in
from tests.at_the_desk import form_of

NEW = "another long and quiet password"


@pytest.fixture
def anna(desk, demonstration):
    return signed_in("Anna Roth", "admin")


@pytest.fixture
def boris(desk, demonstration):
    return signed_in("Boris Wendt", "admin")


@pytest.fixture
def eve(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("eve@example.org", "Eve Leak", PASSWORD, "admin")


def opened(browser, at):
    """A form, without the rows that its script would fill in."""
    filled = form_of(browser.get(at).content.decode(), at)
    return {name: value for name, value in filled.items() if "__prefix__" not in name}


def account(user):
    return f"/desk/users/edit/{user.pk}/"


def test_nobody_holds_up_an_admin_by_changing_their_own_name(anna, eve):
    mine = opened(anna, account(eve))
    User.objects.filter(pk=eve.pk).update(last_name="Leek")
    del mine["is_active"]

    assert anna.post(account(eve), mine).status_code == 302
    eve.refresh_from_db()
    assert not eve.is_active


@pytest.fixture
def editors(desk):
    return Group.objects.get(name=EDITORS)


def about(group):
    return f"/desk/groups/edit/{group.pk}/"


def test_who_was_shut_out_stays_shut_out(anna, boris, eve):
    mine, at = opened(anna, account(eve)), account(eve)
    theirs = opened(boris, at)
    assert theirs.pop("is_active")
    assert theirs.pop("is_superuser")
    assert boris.post(at, theirs).status_code == 302

    told = anna.post(at, mine | {"last_name": "Leek", "password1": NEW, "password2": NEW})

    eve.refresh_from_db()
    assert (eve.is_active, eve.is_superuser, eve.last_name) == (False, False, "Leak")
    assert told.status_code == 409
    page = told.content.decode()
    assert "Boris Wendt saved this" in page
    assert "The password that you typed was not kept" in page
    assert NEW not in page
    assert anna.post(at, form_of(page, at)).status_code == 302
    eve.refresh_from_db()
    assert (eve.is_active, eve.last_name, eve.check_password(PASSWORD)) == (True, "Leek", True)


def test_a_right_that_was_taken_stays_taken(anna, boris, editors):
    at = about(editors)
    mine, theirs = opened(anna, at), opened(boris, at)
    gone = editors.permissions.get(codename="delete_person")
    theirs["permissions"].remove(str(gone.pk))
    assert boris.post(at, theirs).status_code == 302

    told = anna.post(at, mine)

    assert gone not in editors.permissions.all()
    assert told.status_code == 409
    page = told.content.decode()
    assert "without “Desk | person | Can delete person”" in page
    assert anna.post(at, opened_again(page, at)).status_code == 302
    assert gone in editors.permissions.all()


def test_so_does_the_right_to_approve(anna, boris, editors):
    task = GroupApprovalTask.objects.get(name="the desk")
    at = f"/desk/workflows/tasks/edit/{task.pk}/"
    chiefs = Group.objects.create(name="Chiefs")
    mine, theirs = opened(anna, at), opened(boris, at)
    assert boris.post(at, theirs | {"groups": [chiefs.pk]}).status_code == 302

    told = anna.post(at, mine)

    assert told.status_code == 409
    assert "Groups: Chiefs" in told.content.decode()
    assert [group.name for group in task.groups.all()] == ["Chiefs"]
    assert anna.post(at, opened_again(told.content.decode(), at)).status_code == 302
    assert [group.name for group in task.groups.all()] == ["Editors"]


def test_so_does_what_is_approved(anna):
    way = Workflow.objects.get(name="Desk")
    at = f"/desk/workflows/edit/{way.pk}/"
    mine = opened(anna, at)
    assert anna.post(at, mine).status_code == 302
    mine = opened(anna, at)
    WorkflowPage.objects.filter(workflow=way).delete()

    told = anna.post(at, mine | {"name": "Our desk"})

    assert told.status_code == 409
    assert "Page, Root: not there" in told.content.decode()
    assert not WorkflowPage.objects.filter(workflow=way).exists()


def opened_again(page, at):
    filled = form_of(page, at)
    return {name: value for name, value in filled.items() if "__prefix__" not in name}


@pytest.mark.parametrize(
    ("rights", "part"),
    [(GroupPagePermission, "Page, Root"), (GroupCollectionPermission, "Collection, Root")],
    ids=["pages", "pictures"],
)
def test_so_does_a_right_on_pages_or_pictures(anna, editors, rights, part):
    at = about(editors)
    mine = opened(anna, at)
    gone = rights.objects.filter(group=editors).first()
    rights.objects.filter(pk=gone.pk).delete()
    left = rights.objects.filter(group=editors).count()

    told = anna.post(at, mine | {"name": "Chiefs"})

    assert told.status_code == 409
    assert f"{part}: " in told.content.decode()
    assert rights.objects.filter(group=editors).count() == left
    assert anna.post(at, opened_again(told.content.decode(), at)).status_code == 302
    assert rights.objects.filter(group=editors).count() == left + 1
    assert Group.objects.get(pk=editors.pk).name == "Chiefs"


def test_one_admin_alone_goes_on_and_on(anna, editors):
    for name in ("Chiefs", "Editors", "Desk"):
        assert anna.post(about(editors), opened(anna, about(editors)) | {"name": name})
    assert Group.objects.get(pk=editors.pk).name == "Desk"
    assert User.objects.count() == 1
