"""Whatever is saved can be written in UTF-8: half a sign, as a script cuts it, is mended."""

import json

import pytest
from django.db import connection
from wagtail.models import Revision
from wagtail.test.utils.form_data import streamfield

from tamizdat.desk import writing
from tamizdat.desk.actions.articles import bring_in, bring_in_plain, publish
from tamizdat.desk.importing.html.gutenberg import stretches
from tamizdat.desk.importing.html.pieces import Notes
from tamizdat.desk.models import ArticlePage, PlainPage
from tamizdat.desk.tests.forms.test_forms import newest, send, typed
from tamizdat.lib import clock
from tamizdat.lib.whole_letters import whole

HALF = "\ud83d"


def content(text):
    """A rich text as its editor sends it: JSON, in which a script may write half a sign."""
    block = {
        "key": "a", "text": text, "type": "unstyled", "depth": 0,
        "inlineStyleRanges": [], "entityRanges": [],
    }  # fmt: skip
    return json.dumps({"blocks": [block], "entityMap": {}})


def is_whole(value):
    """Say whether all text in a value can be written, however deep it stands."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("x" + HALF, "x\ufffd"),
        (HALF + "\ude00!", "\U0001f600!"),
        ("\ude00" + HALF, "\ufffd\ufffd"),
        ("سلام 👩‍👩‍👧‍👦", "سلام 👩‍👩‍👧‍👦"),
        ({"a" + HALF: [HALF, 7, None]}, {"a\ufffd": ["\ufffd", 7, None]}),
    ],
)
def test_two_halves_are_joined_and_one_alone_is_replaced(said, kept):
    assert whole(said) == kept


@pytest.mark.parametrize("said", [HALF, "\udc00", "a" + HALF + "b" + HALF])
def test_what_the_form_sends_is_kept_whole(editor, courts, said):
    for button in ({}, {"action-publish": "x"}):
        answer = send(editor, typed(courts, body=streamfield([("text", content(said))])) | button)

        assert answer.status_code == 302
        article = newest()
        for kept in (article, article.get_latest_revision_as_object()):
            assert is_whole(list(kept.body.raw_data))
            assert "\ufffd" in str(kept.body)
        assert all(is_whole(each.content) for each in Revision.objects.all())


def bodies():
    picture = {"picture": None, "caption": HALF, "alt": HALF}
    embed = {"address": "https://example.org/", "title": HALF, "provider": HALF, "still": None,
             "caption": HALF, "alt": HALF}  # fmt: skip
    table = {"columns": [{"type": "text", "heading": HALF}], "rows": [{"values": [HALF]}],
             "caption": HALF}  # fmt: skip
    yield from {
        "text": f"<p>{HALF}</p>",
        "heading": HALF,
        "picture": picture,
        "quote": {"text": HALF, "attribution": HALF},
        "list": {"ordered": True, "items": [f"<p>{HALF}</p>"]},
        "facts": {"title": HALF, "html": f"<p>{HALF}</p>"},
        "table": table,
        "embed": embed,
    }.items()


def test_every_kind_of_block_was_thought_of(desk):
    assert {kind for kind, _ in bodies()} == set(
        ArticlePage._meta.get_field("body").stream_block.child_blocks
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    list(bodies()),
    ids=lambda said: said if isinstance(said, str) and said.isalpha() else "",
)
@pytest.mark.parametrize("model", [ArticlePage, PlainPage])
def test_what_a_program_brings_is_kept_whole(courts, kind, value, model):
    block = json.dumps([{"type": kind, "value": value}])
    page = model(title="Brought", body=block)
    page.imported = True  # such a one may lack a section
    bring = bring_in if model is ArticlePage else bring_in_plain
    bring(page, "en", published=clock.now())

    kept = model.objects.get(pk=page.pk)
    assert len(kept.body) == 1
    assert is_whole(list(kept.body.raw_data))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT body FROM {model._meta.db_table} WHERE page_ptr_id = %s", [page.pk])
        raw = cursor.fetchone()[0]
    assert is_whole(json.loads(raw) if isinstance(raw, str) else raw)


def test_what_an_older_version_kept_is_read_whole(draft, editor):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL keeps no half a sign")
    draft.body = [writing.text("<p>x</p>")]
    publish(draft)
    broken = json.dumps([{"type": "text", "value": f"<p>{HALF}</p>", "id": "1"}])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE desk_articlepage SET body = %s WHERE page_ptr_id = %s", [broken, draft.pk]
        )
    revision = draft.latest_revision
    revision.content |= {"body": broken}
    revision.save()

    assert is_whole(list(ArticlePage.objects.get(pk=draft.pk).body.raw_data))
    assert is_whole(list(revision.as_object().body.raw_data))
    assert editor.get(f"/desk/pages/{draft.pk}/edit/").status_code == 200


def test_a_block_of_an_import_is_read_whole():
    said = '<!-- wp:embed {"url":"https://example.org/\\ud83d"} -->'
    found = stretches(f"{said}<p>x</p><!-- /wp:embed --><!-- wp:embed {said[14:-4]} /-->", Notes())

    assert found
    assert all(is_whole(stretch.html) for stretch in found)
