"""An editor's first page says which edition readers have."""

import json

from tamizdat.press import panel
from tamizdat.press.actions import mark


def shown():
    return panel.EditionPanel().get_context_data({})


def test_the_first_page_says_which_edition_readers_have(newsdesk, edition):
    assert shown()["number"] == 0
    assert "None yet" in panel.EditionPanel().render_html({})

    newsdesk.article("Out")
    newsdesk.publish()
    mark("article:1")

    said = shown()
    assert said["number"] == json.loads(edition.page("edition/manifest.json"))["number"]
    assert said["at"].tzinfo is not None
    assert said["waiting"] == 1
    assert "1 change waits" in panel.EditionPanel().render_html({})
