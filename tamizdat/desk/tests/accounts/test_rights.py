"""Who needs a second step, and what nobody can give: walked over all rights that there are."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
)

from tamizdat.desk.accounts import rights
from tamizdat.desk.accounts.actions import groups
from tamizdat.desk.accounts.sign_in import needs_second_step
from tamizdat.desk.tests.conftest import PASSWORD, signed_in

NEW = "another long and quiet password"


@pytest.fixture
def ben(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("ben@example.org", "Ben Arel", PASSWORD, "reporter")


@pytest.fixture
def also(ben):
    """A group in which Ben is besides the reporters, and which may do nothing yet."""
    group = Group.objects.create(name="Also")
    ben.groups.add(group)
    return group


def test_reporters_alone_need_no_second_step(ben):
    assert not needs_second_step(ben)


def test_any_right_that_reporters_lack_asks_for_a_second_step(ben, also):
    of_reporters = set(Group.objects.get(name=groups.REPORTERS).permissions.all())
    walked, unasked = set(), set()
    for permission in Permission.objects.select_related("content_type"):
        also.permissions.set([permission])
        if needs_second_step(ben) is (permission in of_reporters):
            unasked.add(str(permission))
        walked.add(f"{permission.content_type.app_label}.{permission.codename}")

    assert unasked == set()
    assert len(walked) > 150
    assert walked > {"auth.add_user", "support.change_appeal", "letters.change_newsletter"}


def test_any_right_on_pages_that_reporters_lack_does(ben, also):
    asked = set()
    for permission in Permission.objects.filter(content_type__model="page"):
        GroupPagePermission.objects.filter(group=also).delete()
        GroupPagePermission.objects.create(
            group=also, page=Page.get_first_root_node(), permission=permission
        )
        if needs_second_step(ben):
            asked.add(permission.codename)

    assert asked >= {"change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"}
    assert "add_page" not in asked


def test_a_right_on_pictures_that_reporters_lack_does(ben, also):
    GroupCollectionPermission.objects.create(
        group=also,
        collection=Collection.get_first_root_node(),
        permission=Permission.objects.get(codename="change_image"),
    )

    assert needs_second_step(ben)


def test_whoever_approves_needs_one(ben, also):
    GroupApprovalTask.objects.get(name="the desk").groups.add(also)

    assert needs_second_step(ben)


def test_a_right_of_one_s_own_and_a_right_added_to_all_reporters_do(ben):
    added = Permission.objects.get(codename="change_user")
    ben.user_permissions.add(added)
    assert needs_second_step(ben)
    ben.user_permissions.clear()
    Group.objects.get(name=groups.REPORTERS).permissions.add(added)

    assert needs_second_step(User.objects.get(pk=ben.pk))


def test_the_desk_opens_for_such_a_reporter_only_to_set_one_up(ben, also, client):
    also.permissions.add(Permission.objects.get(codename="add_user"))
    client.post("/account/login/", {"login": ben.email, "password": PASSWORD})

    assert client.get(reverse("wagtailusers_users:add")).headers["Location"] == "/account/2fa/"


def test_a_right_in_one_part_covers_none_elsewhere():
    here, below, beside = (rights.Right("page.change_page", at) for at in ("01", "0101", "02"))

    assert here.covers(below)
    assert not below.covers(here)
    assert not here.covers(beside)


@pytest.fixture
def personnel(desk, demonstration):
    """A browser of Pia, a reporter who looks after users and groups, too."""
    browser = signed_in("Pia Lund", "reporter")
    office = Group.objects.create(name="Personnel")
    office.permissions.add(
        *Permission.objects.filter(content_type__app_label="auth"),
        *Permission.objects.filter(codename__endswith="task"),
        *Permission.objects.filter(codename__endswith="workflow"),
    )
    User.objects.get(email="pia@example.org").groups.add(office)
    return browser


@pytest.fixture
def eva(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("eva@example.org", "Eva Lind", PASSWORD, "admin")


@pytest.fixture
def nora(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user("nora@example.org", "Nora Keld", PASSWORD, "editor")


def about(address, *names, **more):
    """What the form about a user sends."""
    return {
        "username": address,
        "email": address,
        "first_name": "Some",
        "last_name": "Body",
        "is_active": "on",
        "groups": [Group.objects.get(name=name).pk for name in names],
        **more,
    }


def edit(user):
    return reverse("wagtailusers_users:edit", args=[user.pk])


def test_personnel_add_reporters_and_change_their_passwords(personnel, ben):
    said = about("kim@example.org", groups.REPORTERS, password1=NEW, password2=NEW)
    personnel.post(reverse("wagtailusers_users:add"), said)
    personnel.post(edit(ben), about(ben.email, groups.REPORTERS, password1=NEW, password2=NEW))

    assert User.objects.get(username="kim@example.org").groups.get().name == groups.REPORTERS
    assert User.objects.get(pk=ben.pk).check_password(NEW)


@pytest.mark.parametrize("more", [{"is_superuser": "on"}, {"groups": "editors"}])
def test_nobody_adds_somebody_who_may_do_more(personnel, more):
    given = about("kim@example.org", password1=NEW, password2=NEW, **more)
    if more.get("groups"):
        given["groups"] = [Group.objects.get(name=groups.EDITORS).pk]
    personnel.post(reverse("wagtailusers_users:add"), given)

    assert not User.objects.filter(username="kim@example.org").exists()


@pytest.mark.parametrize("whose", ["eva", "nora"])
def test_nobody_gives_a_password_or_an_address_to_somebody_who_may_do_more(
    personnel, whose, request
):
    strong = request.getfixturevalue(whose)
    name = [group.name for group in strong.groups.all()]
    said = about("thief@example.org", *name, password1=NEW, password2=NEW)
    page = personnel.post(edit(strong), said, follow=True)

    kept = User.objects.get(pk=strong.pk)
    assert kept.check_password(PASSWORD)
    assert kept.email == strong.email
    assert "nobody gives a password or rights" in page.content.decode()
    assert "updated" not in page.content.decode()


def test_nobody_makes_more_of_a_colleague_or_of_themselves(personnel, ben):
    pia = User.objects.get(email="pia@example.org")
    personnel.post(edit(ben), about(ben.email, is_superuser="on"))
    for user in (ben, pia):
        mine = [group.name for group in user.groups.all()]
        personnel.post(edit(user), about(user.email, *mine, groups.EDITORS))

    assert not User.objects.filter(groups__name=groups.EDITORS).exists()
    assert not User.objects.filter(is_superuser=True).exists()


def in_bulk(browser, action, *users, **said):
    chosen = "&".join(f"id={user.pk}" for user in users)
    return browser.post(f"/desk/bulk/auth/user/{action}/?{chosen}", said)


def test_nobody_does_so_to_several_at_once(personnel, ben, nora, eva):
    editors = Group.objects.get(name=groups.EDITORS)
    in_bulk(personnel, "assign_role", ben, role=editors.pk)
    assert not ben.groups.filter(pk=editors.pk).exists()
    User.objects.filter(pk=eva.pk).update(is_active=False)
    in_bulk(personnel, "set_active_state", ben, eva, mark_as_active="True")

    assert not User.objects.get(pk=eva.pk).is_active


def group_form(name, *permissions, on_pages=()):
    said = {"name": name, "permissions": [each.pk for each in permissions]}
    for panel, rows in (("page", on_pages), ("image", ()), ("collection", ())):
        prefix = f"{panel}_permissions"
        said |= {
            f"{prefix}-TOTAL_FORMS": len(rows),
            f"{prefix}-INITIAL_FORMS": 0,
            f"{prefix}-MAX_NUM_FORMS": 9,
        }
        for number, permission in enumerate(rows):
            said[f"{prefix}-{number}-page"] = Page.get_first_root_node().pk
            said[f"{prefix}-{number}-permissions"] = [permission]
    return said


def test_nobody_gives_a_group_more_than_they_have(personnel):
    own = Permission.objects.get(codename="add_user")
    other = Permission.objects.get(codename="change_appeal")
    add = reverse("wagtailusers_groups:add")
    personnel.post(add, group_form("Interns", own))
    personnel.post(add, group_form("Thieves", own, other))
    personnel.post(add, group_form("Printers", on_pages=["publish_page"]))
    personnel.post(add, group_form("Writers", on_pages=["add_page"]))
    office = Group.objects.get(name="Personnel")
    personnel.post(
        reverse("wagtailusers_groups:edit", args=[office.pk]),
        group_form("Personnel", *office.permissions.all(), other),
    )

    assert {group.name for group in Group.objects.all()} >= {"Interns", "Writers"}
    assert not Group.objects.filter(name__in=["Thieves", "Printers"]).exists()
    assert other not in office.permissions.all()


@pytest.mark.parametrize("way", ["add/", "tasks/add/wagtailcore/groupapprovaltask/", "list/"])
def test_only_admins_choose_who_approves(personnel, eva, way):
    from django.test import Client

    boss = Client()
    boss.post("/account/login/", {"login": eva.email, "password": PASSWORD})

    assert boss.get(f"/desk/workflows/{way}").status_code == 200
    assert personnel.get(f"/desk/workflows/{way}").status_code in (302, 403)


def test_a_user_is_not_added_by_copying_one(personnel, ben):
    said = about("kim@example.org", password1=NEW, password2=NEW, is_superuser="on")

    assert personnel.post(f"/desk/users/copy/{ben.pk}/", said).status_code == 404


def delete(user, *, in_bulk):
    bulk = f"/desk/bulk/auth/user/delete/?id={user.pk}&next=/desk/"
    return bulk if in_bulk else reverse("wagtailusers_users:delete", args=[user.pk])


@pytest.mark.parametrize("in_bulk", [False, True], ids=["alone", "in bulk"])
@pytest.mark.parametrize("whose", ["eva", "nora"])
def test_nobody_deletes_somebody_who_may_do_more(personnel, whose, in_bulk, request):
    strong = request.getfixturevalue(whose)
    personnel.post(delete(strong, in_bulk=in_bulk))

    assert User.objects.filter(pk=strong.pk).exists()


@pytest.mark.parametrize("in_bulk", [False, True], ids=["alone", "in bulk"])
def test_personnel_delete_reporters(personnel, ben, in_bulk):
    personnel.post(delete(ben, in_bulk=in_bulk))

    assert not User.objects.filter(pk=ben.pk).exists()


def delete_group(group):
    return reverse("wagtailusers_groups:delete", args=[group.pk])


def test_nobody_deletes_a_group_that_may_do_more(personnel):
    strong = Group.objects.create(name="Strong")
    strong.permissions.add(Permission.objects.get(codename="change_appeal"))
    weak = Group.objects.create(name="Weak")
    for each in (strong, weak):
        personnel.post(delete_group(each))

    assert Group.objects.filter(name__in=("Strong", "Weak")).get() == strong


@pytest.mark.parametrize("name", [groups.REPORTERS, groups.EDITORS])
def test_the_groups_of_a_newsroom_are_deleted_by_nobody(desk, demonstration, name):
    admin = signed_in("Eva Lind", "admin")
    page = admin.post(delete_group(Group.objects.get(name=name)), follow=True)

    assert "is a group of every newsroom" in page.content.decode()
    assert Group.objects.filter(name=name).exists()


def test_whoever_alone_approves_is_deleted_by_nobody_whatever_its_name(desk, demonstration):
    admin = signed_in("Eva Lind", "admin")
    editors = Group.objects.get(name=groups.EDITORS)
    Group.objects.filter(pk=editors.pk).update(name="Redaktion")
    page = admin.post(delete_group(editors), follow=True)

    assert "“Redaktion” alone approves what reporters send" in page.content.decode()
    assert Group.objects.filter(pk=editors.pk).exists()
    GroupApprovalTask.objects.get(name="the desk").groups.add(Group.objects.create(name="Chiefs"))
    admin.post(delete_group(editors))
    assert not Group.objects.filter(pk=editors.pk).exists()


def test_what_reporters_send_has_somebody_to_approve_it_again(desk):
    from tamizdat.desk.actions.newsroom import lay_out

    Group.objects.get(name=groups.EDITORS).delete()
    lay_out(desk)

    task = GroupApprovalTask.objects.get(name="the desk")
    assert [group.name for group in task.groups.all()] == [groups.EDITORS]


def test_another_group_that_approves_is_left_alone(desk):
    from tamizdat.desk.actions.newsroom import lay_out

    chiefs = Group.objects.create(name="Chiefs")
    task = GroupApprovalTask.objects.get(name="the desk")
    task.groups.set([chiefs])
    lay_out(desk)

    assert [group.name for group in task.groups.all()] == ["Chiefs"]
