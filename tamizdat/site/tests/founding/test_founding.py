"""What stands in a newsroom that was just founded."""

import dataclasses
import subprocess
import sys

import pytest

from tamizdat.desk.tests.conftest import signed_in
from tamizdat.site.founding.newsroom import keep_up, lay_out_rooms
from tests.without_privileges import without_privileges


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


@pytest.mark.parametrize("name", ["sheet", "deep/er/sheet"])
def test_where_no_folder_may_be_made_that_is_said_and_no_newsroom_is_spoken_of(tmp_path, name):
    tmp_path.chmod(0o500)
    folder = tmp_path / name
    words = ("-m", "tamizdat.site", "init", folder, "--name", "The Sheet", "--yes")

    done = subprocess.run(
        without_privileges(sys.executable, *words), capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {folder} cannot be made: Permission denied. Let ")
    assert f" write in {folder.parent}, or name another folder." in done.stderr
    assert "doctor" not in done.stderr
