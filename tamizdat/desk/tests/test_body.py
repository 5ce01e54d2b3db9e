import json

import pytest

from tamizdat.desk import cleaning
from tamizdat.desk.tests.test_articles import publish, read


def nowhere(_page_id):
    return None


def test_every_kind_of_block_becomes_a_value(draft, bridge):
    from tamizdat.desk import published, writing

    use = writing.picture(bridge.pk, "The bridge at dusk.", "A bridge.")
    draft.body = [
        writing.heading("What was read"),
        use,
        writing.quote("I shall frame it.", "A passenger"),
        writing.items(["<p>one <b>bold</b></p>", "two"], ordered=True),
        writing.facts("In dates", "<p>Today.</p><ul><li>one</li></ul>"),
        writing.table("Loaves", ["Shop", "Grams"], [["A", "671"], ["B", "640"]]),
        writing.embed("https://example.org/v", "A film", "Example", use),
    ]
    publish(draft)

    heading, figure, quote, items, facts, table, embed = read(draft).body
    assert heading == published.Heading("What was read")
    assert figure.use.picture.credit == "A. Holm / Agency"
    assert figure.use.caption == "The bridge at dusk."
    assert quote == published.Quote("I shall frame it.", "A passenger")
    assert items == published.Items(("one <strong>bold</strong>", "two"), ordered=True)
    assert facts == published.Facts("In dates", "<p>Today.</p><ul><li>one</li></ul>")
    assert table == published.Table("Loaves", ("Shop", "Grams"), (("A", "671"), ("B", "640")))
    assert (embed.address, embed.provider) == ("https://example.org/v", "Example")
    assert embed.still.picture.id == bridge.pk


def test_what_is_empty_is_left_out(draft):
    from tamizdat.desk import writing

    draft.body = [
        writing.text("<p>&nbsp;</p>"),
        writing.heading(" "),
        writing.items(["", "<p></p>"]),
        writing.embed("javascript:alert(1)", "Bad"),
    ]
    publish(draft)
    assert read(draft).body == ()


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
        ("<p onclick='x()' style='color:red' class=c>a</p>", "<p>a</p>"),
        ("<p><a href='javascript:alert(1)'>a</a></p>", "<p>a</p>"),
        ("<p><a href='/relative'>a</a></p>", "<p>a</p>"),
        (
            "<p><a href='https://example.org/?a=1&b=2' onclick=x>a</a></p>",
            '<p><a href="https://example.org/?a=1&amp;b=2">a</a></p>',
        ),
        (
            "<p><a href='mailto:a@example.org'>a</a></p>",
            '<p><a href="mailto:a@example.org">a</a></p>',
        ),
        ("<p><a linktype='page' id='7'>a</a></p>", '<p><a href="article:7">a</a></p>'),
        ("<p><a id=8 linktype=page>a</a></p>", "<p>a</p>"),
        ("<p><b>a</b><i>b</i></p>", "<p><strong>a</strong><em>b</em></p>"),
        ("<p><img src=x onerror=alert(1)>a<iframe src=//x></iframe></p>", "<p>a</p>"),
        ("<p>a\x00b\x0bc&#1;d\ufffe\u202ee</p>", "<p>abcde</p>"),
        ("<p></p><p>a</p><p><br></p>", "<p>a</p>"),
    ],
)
def test_pasted_html_is_made_harmless(raw, clean):
    assert cleaning.html(raw, {7: "article:7"}.get) == clean


def test_hostile_html_of_the_world_is_made_harmless(test_data):
    cases = json.loads((test_data / "sanitiser/dompurify/expect.json").read_text(encoding="utf-8"))
    assert len(cases) > 100
    for case in cases:
        cleaned = cleaning.html(case["payload"], nowhere)
        tags = cleaned.lower().split("<")
        for tag in tags[1:]:
            name, _, attributes = tag.split(">")[0].removeprefix("/").partition(" ")
            assert name in cleaning.BLOCK, case["payload"]
            assert attributes == "" or attributes.startswith('href="'), case["payload"]
        assert 'href="javascript' not in cleaned.lower()
        assert 'href="data' not in cleaned.lower()


def test_naughty_strings_survive_everywhere_a_reporter_may_type_them(test_data, draft):
    from xml.etree import ElementTree as ET

    strings = json.loads((test_data / "strings/blns/blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 400
    from tamizdat.desk import writing

    draft.body = [writing.quote(string or "-", string) for string in strings]
    draft.kicker = "﷽" * 20
    publish(draft)

    for block in read(draft).body:
        element = ET.Element("a", {"b": block.attribution})
        element.text = block.text
        ET.fromstring(ET.tostring(element))


@pytest.mark.parametrize("field", ["title", "kicker", "standfirst", "dateline", "lead_alt"])
def test_naughty_strings_are_kept_in_every_field(test_data, draft, field):
    strings = json.loads((test_data / "strings/blns/blns.json").read_text(encoding="utf-8"))
    limit = 80
    for string in strings[::40]:
        setattr(draft, field, string.replace("\x00", "")[:limit] or "-")
        draft.save_revision().publish()
        assert read(draft).card.headline != ""
