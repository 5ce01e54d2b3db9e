import tracemalloc
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tamizdat.desk.importing.export.raw_xml import ExportError
from tamizdat.desk.importing.export.wxr import Author, Item, Site, read
from tamizdat.desk.importing.tests.exports import HEAD, author, item, meta, wxr

RIGA = ZoneInfo("Europe/Riga")

BOMB = "<!DOCTYPE rss [" + "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10)
)


def told(tmp_path, content, encoding="utf-8"):
    file = tmp_path / "told.xml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return list(read(file, RIGA))


def items(tmp_path, content, encoding="utf-8"):
    return [value for value in told(tmp_path, content, encoding) if isinstance(value, Item)]


def test_an_item_says_what_stood_in_the_export(tmp_path):
    [found] = items(tmp_path, wxr(item(7, meta("_thumbnail_id", "9"), title="Bread & salt")))

    assert (found.number, found.kind, found.title) == (7, "post", "Bread & salt")
    assert found.content == "<p>Some words.</p>"
    assert found.meta == {"_thumbnail_id": "9"}
    assert found.written == datetime(2019, 3, 4, 10, tzinfo=UTC)


def test_the_site_and_its_authors_are_told_without_any_mail_address(tmp_path):
    values = told(tmp_path, wxr(author("ann", "Ann Ash"), author("bo", "bo@example.com")))

    assert values[:2] == [Author("ann", "Ann Ash"), Author("bo", "bo")]
    assert values[2] == Site("The Old Sheet", "https://old.example.org", "en-US")


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        pytest.param({}, datetime(2019, 3, 4, 10, tzinfo=UTC), id="the date in GMT counts"),
        pytest.param(
            {"post_date_gmt": "0000-00-00 00:00:00"},
            datetime(2019, 3, 4, 10, tzinfo=UTC),
            id="a draft has zeros there: local time is the newsroom's",
        ),
        pytest.param(
            {"post_date_gmt": "0000-00-00 00:00:00", "post_date": "2019-07-01 12:00:00"},
            datetime(2019, 7, 1, 9, tzinfo=UTC),
            id="in summer an hour earlier",
        ),
        pytest.param(
            {
                "post_date_gmt": "0000-00-00 00:00:00",
                "post_date": "0000-00-00 00:00:00",
                "pubDate": "Wed, 05 Jun 2019 08:00:00 +0200",
            },
            datetime(2019, 6, 5, 6, tzinfo=UTC),
            id="else the feed's date, with its own zone",
        ),
        pytest.param(
            {
                "post_date_gmt": "0000-00-00 00:00:00",
                "post_date": "soon",
                "pubDate": "Mon, 30 Nov -0001 00:00:00 +0000",
            },
            None,
            id="no date that ever was",
        ),
    ],
)
def test_when_it_was_written(tmp_path, said, moment):
    [found] = items(tmp_path, wxr(item(1, **said)))

    assert found.written == moment


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param("", "broken at line 1", id="empty"),
        pytest.param("bread", "broken at line 1", id="no XML at all"),
        pytest.param(wxr(item(1))[:-40], "broken at line", id="cut off"),
        pytest.param("<html><body/></html>", "its root is not <rss>", id="a web page"),
        pytest.param("<rss><item/></rss>", "no <channel>", id="a feed without channel"),
        pytest.param(
            wxr(item(1)).replace("<wp:wxr_version>1.2</wp:wxr_version>", ""),
            "does not say its WXR version",
            id="an ordinary feed",
        ),
        pytest.param(
            wxr().replace(">1.2<", ">7.0<"), "says WXR version '7.0'", id="a version to come"
        ),
        pytest.param(
            BOMB + "]>" + wxr(item(1, title="&l9;")), "declares entities", id="a billion laughs"
        ),
        pytest.param(
            '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss>&x;</rss>',
            "declares entities",
            id="a file of this machine",
        ),
        pytest.param(
            '<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd"><rss/>',
            "declares entities",
            id="a DTD from elsewhere",
        ),
        pytest.param(HEAD + "<a>" * 100, "nests more than 40", id="too deep"),
        pytest.param(
            '<?xml version="1.0" encoding="klingon"?><rss/>', "encoding that nobody", id="encoding"
        ),
    ],
)
def test_what_is_no_export_is_refused_in_one_sentence(tmp_path, content, sentence):
    if content.startswith("<!DOCTYPE") and content.count("<?xml"):
        content = content.replace('<?xml version="1.0" encoding="UTF-8"?>\n', "")
    with pytest.raises(ExportError) as refused:
        told(tmp_path, content)

    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ExportError, match=r"absent\.xml cannot be read"):
        list(read(tmp_path / "absent.xml", RIGA))


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        pytest.param(wxr(item(1, title="a\x08b\x00c")).encode(), "abc", id="control characters"),
        pytest.param(
            wxr(item(1, title="@")).replace("@", "a&#8;b&#x1F;c&#65;").encode(),
            "abcA",
            id="references to them",
        ),
        pytest.param(
            wxr(item(1, title="@")).encode().replace(b"@", b"caf\xc3"),
            "caf\ufffd",
            id="half a letter",
        ),
        pytest.param(
            b"\xef\xbb\xbf \r\n" + wxr(item(1, title="é")).encode(), "é", id="BOM, blanks"
        ),
        pytest.param(
            wxr(item(1, title="Хліб")).replace("UTF-8", "windows-1251").encode("cp1251"),
            "Хліб",
            id="windows-1251",
        ),
        pytest.param(
            wxr(item(1, title="Хліб")).replace("UTF-8", "utf-16").encode("utf-16"),
            "Хліб",
            id="UTF-16",
        ),
    ],
)
def test_ordinary_damage_is_mended(tmp_path, raw, title):
    [found] = items(tmp_path, raw)

    assert found.title == title


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_of_the_namespace_is_read(tmp_path, version):
    content = (
        wxr(item(3)).replace("export/1.2", f"export/{version}").replace(">1.2<", f">{version}<")
    )

    assert items(tmp_path, content)[0].number == 3


def test_a_stranger_who_borrows_the_prefix_is_not_heard(tmp_path):
    fake = '<wp:post_password xmlns:wp="http://example.com/fake/">x</wp:post_password>'

    [found] = items(tmp_path, wxr(item(1, fake)))

    assert not found.locked


def test_memory_does_not_grow_with_the_archive(tmp_path):
    file = tmp_path / "long.xml"
    body = item(1, content="<p>word</p>" * 300)
    file.write_text(wxr(*[body] * 1500), encoding="utf-8")
    size = file.stat().st_size

    tracemalloc.start()
    count = sum(1 for _ in read(file, RIGA))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == 1501
    assert peak < size / 4
