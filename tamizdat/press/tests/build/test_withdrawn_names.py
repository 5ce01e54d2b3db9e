"""A withdrawn name is in no byte of the edition: of neither of its two trees."""


def holding(newsroom, *names):
    """Return the files of both trees whose path or content holds one of these."""
    found = []
    for file in newsroom.edition.rglob("*"):
        raw = file.read_bytes() if file.is_file() else b""
        if any(name.encode() in raw or name in str(file) for name in names):
            found.append(str(file.relative_to(newsroom.edition)))
    return found


def test_no_byte_of_the_edition_holds_it(newsdesk, own_newsroom, edition):
    from tamizdat.press.models import Dependency, OutputFile

    ada, bo = newsdesk.person("Ada Holm"), newsdesk.person("Bo Lind")
    picture = newsdesk.picture(credit="Ada Holm for us")
    how = {"lead_picture": picture, "lead_caption": "The quay", "lead_alt": "A quay"}
    first = newsdesk.article("The quay", people=[ada], **how)
    newsdesk.article("The bridge", people=[ada, bo])
    newsdesk.publish()
    looked_for = ("Ada Holm", "ada-holm")
    assert len(holding(own_newsroom, *looked_for)) > 6

    newsdesk.withdraw_name(ada)
    newsdesk.publish()

    assert holding(own_newsroom, *looked_for) == []
    page = edition.page(first.place)
    assert '"author":[{"@type":"Organization","name":"The newsroom"}]' in page
    assert "The newsroom for us" in page
    assert edition.files()
    for model, field in (
        (OutputFile, "path"),
        (OutputFile, "job"),
        (Dependency, "key"),
        (Dependency, "job"),
    ):
        assert not model.objects.filter(**{f"{field}__contains": "ada-holm"}).exists()
