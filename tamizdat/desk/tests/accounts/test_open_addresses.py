"""What of the desk opens without the second step: what is listed here, and nothing else."""

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.db import transaction
from django.urls import Resolver404, get_resolver, resolve

from tamizdat.desk.tests.accounts.at_sign_in import Browser
from tamizdat.desk.tests.admin.addresses import as_address, paths
from tamizdat.desk.tests.conftest import PASSWORD

ADDRESS = "ada@example.org"
SET_UP = "/account/2fa/"
LOGIN = "/account/login/"
# Scripts and pictures of the CMS itself, the same for everybody.
FOR_ALL = {"wagtailadmin_sprite", "wagtailadmin_javascript_catalog"}
# What whoever has yet to set a second step up needs.
SIGN_OUT = {"account_logout", "wagtailadmin_logout"}
TO_SET_UP = {"account_reauthenticate", *SIGN_OUT}
# Signing in, and what says that it is closed.
TO_SIGN_IN = {"account_login", *SIGN_OUT, "mfa_login_webauthn", "mfa_authenticate"}


@pytest.fixture
def ada(desk):
    from tamizdat.desk.accounts.actions.staff import create_user

    return create_user(ADDRESS, "Ada Holm", PASSWORD, "editor")


def addresses():
    """Every address, with the name of what answers there."""
    for pattern in sorted(set(paths(get_resolver().url_patterns))):
        address = as_address(pattern)
        try:
            yield address, resolve(address).view_name or ""
        except Resolver404:
            continue


def test_nearly_every_address_is_tried(desk):
    found = [address for address, _ in addresses()]

    assert len(found) > 0.9 * len(set(paths(get_resolver().url_patterns)))
    assert {"/media/a", "/preview/a", "/mailbox/", "/mailbox/a/", "/desk/"} <= set(found)


def signed_in():
    cache.clear()
    browser = Browser(ADDRESS)
    browser.types_password(PASSWORD)
    browser.client.raise_request_exception = False
    return browser


@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_second_step_only_its_setting_up_is_open(ada, method):
    browser, opened = signed_in(), set()
    for address, name in addresses():
        if name in FOR_ALL | TO_SET_UP or name.startswith("mfa_"):
            continue
        answer = getattr(browser.client, method)(address)
        if answer.status_code != 302 or answer.headers["Location"] != SET_UP:
            opened.add((address, name, answer.status_code))

    assert opened == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_session_that_is_over_opens_nothing(ada, method):
    """Ada has set a second step up elsewhere since."""
    browser = signed_in()
    auth.TOTP.activate(ada, auth.generate_totp_secret())
    cookie, opened = browser.cookie(), set()
    for address, name in addresses():
        if name in FOR_ALL:
            continue
        browser.puts_cookie_back(cookie)
        with transaction.atomic():
            answer = getattr(browser.client, method)(address)
            transaction.set_rollback(True)  # or the first address ends it for all others
        if answer.status_code != 302 or answer.headers["Location"] != LOGIN:
            opened.add((address, name, answer.status_code))

    assert opened == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_has_not_signed_in_sees_only_the_ways_to_do_so(ada, method):
    opened = set()
    browser = Browser(ADDRESS)
    browser.client.raise_request_exception = False
    for address, name in addresses():
        cache.clear()
        if name in FOR_ALL | TO_SIGN_IN:
            continue
        answer = getattr(browser.client, method)(address)
        leads = answer.headers.get("Location", "")
        if answer.status_code != 403 and not leads.startswith(("/account/", "/desk/")):
            opened.add((address, name, answer.status_code, leads))

    assert opened == set()
