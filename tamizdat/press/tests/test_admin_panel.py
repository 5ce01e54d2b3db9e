"""An editor's first page says which edition readers have."""

import json
from datetime import timedelta

from tamizdat.lib import clock
from tamizdat.press import admin_panel
from tamizdat.press.actions import mark
from tamizdat.press.models import RerenderJob, RerenderRun


def shown():
    return admin_panel.EditionPanel().get_context_data({})


def test_the_first_page_says_which_edition_readers_have(newsdesk, edition):
    assert shown()["number"] == 0
    assert "None yet" in admin_panel.EditionPanel().render_html({})

    newsdesk.article("Out")
    newsdesk.publish()
    mark("article:1")

    said = shown()
    assert said["rerendering"] is None
    assert said["number"] == json.loads(edition.page("edition/manifest.json"))["number"]
    assert said["at"].tzinfo is not None
    assert said["waiting"] == 1
    assert "1 change waits" in admin_panel.EditionPanel().render_html({})


def test_the_first_page_says_how_far_a_new_look_is(newsdesk):
    begun = clock.now() - timedelta(minutes=4)
    RerenderRun.objects.create(begun=begun, done=2_000)
    RerenderJob.objects.bulk_create(RerenderJob(job=f"article:{number}") for number in range(1_000))

    said = admin_panel.EditionPanel().render_html({})

    assert "2,000 of 3,000 pages in the new look, about 2 minutes left" in said
    assert "Publishing goes on meanwhile" in said
