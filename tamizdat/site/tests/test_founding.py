"""What stands in a newsroom that was just founded."""

import dataclasses

import pytest

from tamizdat.desk.tests.conftest import signed_in
from tamizdat.site.founding import lay_out_rooms


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place", ["letters/newsletter/", "letters/newsletter/add/", "support/appeal/"]
)
def test_editors_keep_newsletters_and_the_ask(newsroom, settings, place):
    settings.NEWSROOM = dataclasses.replace(newsroom, demonstration=True)  # no second step
    lay_out_rooms(newsroom)

    editor, reporter = signed_in("Nora Keld", "editor"), signed_in("Ines Orlet", "reporter")

    assert editor.get(f"/desk/snippets/{place}").status_code == 200
    assert reporter.get(f"/desk/snippets/{place}").status_code == 302
