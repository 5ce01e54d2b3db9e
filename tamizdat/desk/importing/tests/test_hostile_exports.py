import pytest

from tamizdat.desk import published
from tamizdat.desk.importing.actions import import_wordpress
from tamizdat.desk.importing.export.raw_xml import ExportError
from tamizdat.desk.importing.tests.exports import HEAD, item, picture, wxr
from tamizdat.desk.importing.tests.test_import import NOW, everything, only

XXE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(wxr(item(1), item(2))[:-60], id="cut off after a whole item"),
        pytest.param(HEAD.replace("<rss", f"{XXE}<rss", 1) + item(1) + "&x;", id="external entity"),
        pytest.param("<rss><channel><title>News</title></channel></rss>", id="an ordinary feed"),
    ],
)
def test_a_broken_export_leaves_the_newsroom_as_it_was(desk, tmp_path, content):
    file = tmp_path / "export.xml"
    file.write_text(content, encoding="utf-8")
    before = everything()

    with pytest.raises(ExportError):
        import_wordpress(file, None, NOW)

    assert everything() == before


def test_an_error_in_the_middle_leaves_neither_rows_nor_files(desk, export, uploads, settings):
    from pathlib import Path

    folder = uploads("a.jpg")
    before = everything()

    def stumble(done, total):
        if done == total:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        import_wordpress(export(picture(1, "a.jpg"), item(2)), folder, NOW, progress=stumble)

    assert everything() == before
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def test_markup_in_every_field_is_harmless(desk, export):
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>Tail"
    file = export(
        item(1, title=evil, excerpt=evil, content=evil, post_name=evil, link="javascript:x()")
    )

    import_wordpress(file, None, NOW)
    article = only()

    assert (article.card.headline, article.card.standfirst) == ("Tail", "Tail")
    assert "<" not in article.card.path
    assert "script" not in repr(article.body)


def only_names():
    return [name for card in published.latest("en", 9) for name in card.names]


def test_a_mail_address_in_the_export_reaches_nothing(desk, export):
    from tamizdat.desk.importing.tests.exports import author

    post = item(1).replace(">ann<", ">bo@example.com<")
    import_wordpress(
        export(author("ann", "ann@example.com"), item(2), post, author("bo@example.com", "")),
        None,
        NOW,
    )

    assert sorted(only_names()) == ["ann", "bo"]
    assert "@example.com" not in repr(everything())


def test_a_link_out_of_the_media_folder_is_not_followed(desk, export, uploads, tmp_path):
    folder = uploads("a.jpg")
    secret = tmp_path / "secret.jpg"
    (folder / "a.jpg").rename(secret)
    (folder / "a.jpg").symlink_to(secret)

    report = import_wordpress(export(picture(1, "a.jpg")), folder, NOW)

    assert report.counts["attachment"]["left_out"] == 1
