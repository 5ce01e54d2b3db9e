"""What stands in a newsroom that was just founded."""

import dataclasses

import pytest

from tamizdat.desk.tests.conftest import signed_in
from tamizdat.site.founding.newsroom import keep_up, lay_out_rooms


@pytest.mark.django_db(databases=["default", "counter"])
@pytest.mark.parametrize(
    "place", ["letters/newsletter/", "letters/newsletter/add/", "support/appeal/"]
)
def test_editors_keep_newsletters_and_the_ask(newsroom, settings, place):
    settings.NEWSROOM = dataclasses.replace(newsroom, demonstration=True)  # no second step
    lay_out_rooms(newsroom)

    editor, reporter = signed_in("Nora Keld", "editor"), signed_in("Ines Orlet", "reporter")

    assert editor.get(f"/desk/snippets/{place}").status_code == 200
    assert reporter.get(f"/desk/snippets/{place}").status_code == 302


@pytest.mark.django_db(databases=["default", "counter", "till"])
def test_an_older_newsroom_s_editors_get_what_newer_ones_have(newsroom, settings, monkeypatch):
    from django.contrib.auth.models import Group

    settings.NEWSROOM = dataclasses.replace(newsroom, demonstration=True)
    lay_out_rooms(newsroom)
    Group.objects.get(name="Editors").permissions.clear()
    monkeypatch.setenv("TAMIZDAT_ROLE", "desk")

    keep_up(newsroom)

    assert signed_in("Nora Keld", "editor").get("/desk/snippets/support/appeal/").status_code == 200
