import json

import pytest
from click.testing import CliRunner

from tamizdat.desk import published
from tamizdat.desk.importing.tests.exports import item, save
from tamizdat.site.command import tamizdat
from tests.laid_out import lay_out


@pytest.fixture
def run(newsroom, db):
    """Runs `tamizdat import wordpress …` in the newsroom."""
    lay_out(newsroom)

    def call(*words):
        whole = ["--newsroom", str(newsroom.folder), "import", "wordpress", *map(str, words)]
        return CliRunner().invoke(tamizdat, whole)

    return call


def test_an_export_is_carried_and_accounted_for_as_json(run, tmp_path):
    result = run(save(tmp_path, item(1), item(2, kind="nav_menu_item")), "--json")

    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert said["counts"]["post"]["carried"] == 1
    assert said["left_out"][0]["item"] == "nav_menu_item 2 “Story 2”"
    assert said["left_out"][0]["why"].startswith("menus")
    assert len(published.live_ids("en")) == 1


def test_a_broken_export_is_one_sentence_on_stderr(run, tmp_path):
    file = tmp_path / "broken.xml"
    file.write_text("<rss><channel>", encoding="utf-8")

    result = run(file)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: This file is broken at line 1: it is not valid XML.\n"


def test_a_file_that_is_not_there_is_a_mistake_of_use(run, tmp_path):
    assert run(tmp_path / "absent.xml").exit_code == 2
