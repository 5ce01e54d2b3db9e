"""A colleague has one address, whether the command line let them in or an admin at the desk."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tamizdat.desk.accounts.actions import groups, staff
from tamizdat.desk.tests.conftest import PASSWORD, signed_in

NEW = "another long and quiet password"


@pytest.fixture
def admin(desk, demonstration):
    return signed_in("Eva Lind", "admin")


@pytest.fixture
def ben(desk):
    return staff.create_user("ben@example.org", "Ben Arel", PASSWORD, "reporter")


def said(address, **more):
    reporters = Group.objects.get(name=groups.REPORTERS).pk
    names = {"first_name": "Kim", "last_name": "Vale", "groups": [reporters], "is_active": "on"}
    return {"email": address, **names, **more}


def added(admin, address):
    passwords = {"password1": PASSWORD, "password2": PASSWORD}
    return admin.post(reverse("wagtailusers_users:add"), said(address, **passwords))


def changed(admin, user, address):
    return admin.post(reverse("wagtailusers_users:edit", args=[user.pk]), said(address))


def signs_in(address):
    cache.clear()
    browser = Client()
    browser.post("/account/login/", {"login": address, "password": PASSWORD})
    return browser.get("/desk/").status_code == 200


def test_whoever_was_added_at_the_desk_signs_in_however_the_address_is_written(admin):
    added(admin, "Kim@Example.org")

    assert signs_in("kim@example.org")
    assert signs_in("KIM@example.ORG")


def test_the_commands_find_whoever_was_added_at_the_desk(admin):
    added(admin, "Kim@Example.org")
    staff.reset_second_step("kim@EXAMPLE.org")

    with pytest.raises(staff.StaffError, match="already"):
        staff.create_user("KIM@example.org", "Kim", PASSWORD, "editor")


def test_the_desk_refuses_an_address_that_is_taken(admin, ben):
    page = added(admin, "Ben@Example.org")
    assert "Somebody signs in with that address already." in page.content.decode()
    added(admin, "kim@example.org")
    page = changed(admin, User.objects.get(email="kim@example.org"), "BEN@example.org")

    assert "Somebody signs in with that address already." in page.content.decode()
    assert User.objects.filter(email__iexact="ben@example.org").count() == 1


def test_an_address_that_is_changed_at_the_desk_changes_where_one_signs_in(admin, ben):
    changed(admin, ben, "Benjamin@example.org")

    assert signs_in("benjamin@example.org")
    assert not signs_in("ben@example.org")
    staff.reset_second_step("benjamin@example.org")
    with pytest.raises(staff.StaffError, match="Nobody"):
        staff.reset_second_step("ben@example.org")


def test_an_address_that_was_given_up_is_free_again(admin, ben):
    changed(admin, ben, "benjamin@example.org")
    other = staff.create_user("ben@example.org", "Ben Holm", PASSWORD, "reporter")

    assert other.pk != ben.pk


def test_one_s_own_address_is_kept_when_something_else_changes(admin, ben):
    assert changed(admin, ben, "ben@example.org").status_code == 302
    assert User.objects.get(pk=ben.pk).last_name == "Vale"


def test_two_accounts_of_an_older_version_with_one_address_are_told_apart(ben):
    User.objects.create_user("kim", "Ben@example.org", PASSWORD)

    with pytest.raises(staff.StaffError, match="Several accounts"):
        staff.reset_second_step("ben@example.org")


def test_an_address_is_no_longer_than_what_is_kept(admin):
    page = added(admin, f"{'a' * 60}@{'b' * 60}.{'c' * 60}.org")

    assert "at most 150 letters" in page.content.decode()


def test_a_renamed_group_is_named(desk):
    Group.objects.filter(name=groups.REPORTERS).update(name="Writers")

    with pytest.raises(staff.StaffError, match="no group “Reporters”"):
        staff.create_user("kim@example.org", "Kim", PASSWORD, "reporter")
    assert not User.objects.exists()


def test_addresses_of_an_older_version_become_one(desk):
    from importlib import import_module

    from allauth.account.models import EmailAddress
    from django.apps import apps

    kim = User.objects.create_user("kim", "Kim@Example.org", PASSWORD)
    EmailAddress.objects.create(user=kim, email="old@example.org", verified=True, primary=True)
    import_module("tamizdat.desk.migrations.0008_one_address")._one_address(apps, None)

    assert User.objects.get(pk=kim.pk).email == "kim@example.org"
    assert staff.by_address("Kim@example.org") == kim
    assert not EmailAddress.objects.exists()
