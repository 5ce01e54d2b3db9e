import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageFile

from tamizdat.desk.tests.conftest import photo
from tamizdat.desk.tests.test_articles import publish, read
from tamizdat.lib.pictures.metadata import has_metadata


def everything_kept(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def all_clean(settings):
    kept = everything_kept(settings)
    assert kept
    return {
        path.name: has_metadata(path.read_bytes())
        for path in kept
        if has_metadata(path.read_bytes())
    } == {}


def test_the_test_photo_says_where_it_was_taken():
    assert has_metadata(photo()) == ["APP1 Exif"]


def test_a_picture_taken_in_by_code_is_clean(bridge, settings):
    assert all_clean(settings)


def test_a_picture_saved_past_every_door_is_clean(desk, settings):
    from tamizdat.desk.models import Picture

    picture = Picture(title="x", file=ContentFile(photo(), name="raw.JPG"))
    picture.save()

    assert all_clean(settings)
    assert len(picture.variants) == 9
    assert picture.digest
    assert picture.file.name.endswith(".jpg")


def test_a_file_written_through_the_storage_is_clean(desk, settings):
    from django.core.files.storage import default_storage

    default_storage.save("avatars/me.jpg", ContentFile(photo()))
    assert all_clean(settings)


def test_a_picture_uploaded_in_the_desk_is_clean_and_so_are_the_cms_own_sizes(editor, settings):
    from tamizdat.desk.models import Picture

    for form in ("JPEG", "TIFF", "WEBP", "AVIF"):
        out = io.BytesIO()
        opened = Image.open(io.BytesIO(photo()))
        opened.save(out, form, exif=opened.getexif())
        out.seek(0)
        out.name = f"photo.{form.lower()}"
        editor.post("/desk/images/add/", {"title": form, "credit": "A. Holm", "file": out})

    assert Picture.objects.count() == 4
    for picture in Picture.objects.all():
        for spec in ("max-165x165", "original", "fill-50x50|format-webp", "width-100|format-jpeg"):
            picture.get_rendition(spec)
    assert all_clean(settings)


def test_the_desk_s_own_process_opens_none_but_masters(editor, monkeypatch):
    """The CMS looks at what it keeps, and draws previews: of masters, which are small."""
    from tamizdat.desk.models import Picture

    opened, really = [], Image.open

    def watched(*args, **kwargs):
        image = really(*args, **kwargs)
        opened.append(max(image.size))
        return image

    file = io.BytesIO(photo(4000, 3000))
    file.name = "photo.jpg"
    monkeypatch.setattr(Image, "open", watched)
    editor.post("/desk/images/add/", {"title": "x", "credit": "y", "file": file})
    Picture.objects.get().get_rendition("max-165x165")
    editor.get("/desk/images/")

    assert opened
    assert max(opened) <= 2560


def test_the_desk_s_own_process_decodes_nothing_of_what_is_uploaded(editor, monkeypatch):
    from tamizdat.desk.models import Picture

    decoded, really = [], ImageFile.ImageFile.load

    def watched(image):
        decoded.append(image.tile)
        return really(image)

    monkeypatch.setattr(ImageFile.ImageFile, "load", watched)
    for form in ("JPEG", "PNG"):
        file = io.BytesIO()
        Image.new("RGB", (400, 300)).save(file, form)
        decoded.clear()
        file.seek(0)
        file.name = "photo"
        editor.post("/desk/images/add/", {"title": "x", "credit": "y", "file": file})

        assert not any(decoded)
    assert [(each.width, each.height) for each in Picture.objects.all()] == [(400, 300)] * 2


def uploaded_among_many(editor, name):
    file = io.BytesIO(photo())
    file.name = name
    return editor.post(
        "/desk/images/multiple/add/",
        {"title": "x", "collection": "1", "files[]": file},
        headers={"x-requested-with": "XMLHttpRequest"},
    ).json()


def test_many_pictures_uploaded_at_once_are_clean_and_wait_for_their_credit(editor, settings):
    assert uploaded_among_many(editor, "photo.jpg")["success"] is True
    assert all_clean(settings)


def test_the_name_of_a_file_that_waits_for_its_credit_is_not_kept(editor, settings):
    uploaded_among_many(editor, "anna-novak-phone.jpg")

    assert everything_kept(settings)
    assert not [path for path in everything_kept(settings) if "novak" in path.name]


def test_a_picture_that_waited_gets_its_credit(editor, settings):
    from tamizdat.desk.models import Picture

    number = uploaded_among_many(editor, "photo.jpg")["uploaded_file_id"]
    said = {"title": "The bridge", "credit": "A. Holm", "collection": "1", "tags": ""}
    editor.post(
        f"/desk/images/multiple/create_from_uploaded_image/{number}/",
        {f"uploaded-image-{number}-{name}": value for name, value in said.items()},
        headers={"x-requested-with": "XMLHttpRequest"},
    )

    picture = Picture.objects.get()
    assert picture.credit == "A. Holm"
    assert picture.digest
    assert len(picture.variants) == 9
    assert not list(Path(settings.MEDIA_ROOT, "wagtail_uploads").iterdir())


def test_a_picture_whose_credit_nobody_gave_is_forgotten_a_day_later(editor, settings):
    from datetime import timedelta

    from wagtail.models import UploadedFile

    from tamizdat.desk.tasks import sweep
    from tamizdat.lib import clock

    uploaded_among_many(editor, "photo.jpg")
    sweep(clock.now())
    assert UploadedFile.objects.exists()
    sweep(clock.now() + timedelta(days=1, minutes=1))
    assert not UploadedFile.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT, "wagtail_uploads").iterdir())


def test_junk_is_refused_in_the_form_in_a_sentence(editor):
    from tamizdat.desk.models import Picture

    file = io.BytesIO(photo()[:700])
    file.name = "photo.jpg"
    answer = editor.post("/desk/images/add/", {"title": "x", "credit": "y", "file": file})

    assert answer.status_code == 200
    assert not Picture.objects.exists()


def test_a_picture_without_credit_is_asked_for_it(editor):
    from tamizdat.desk.models import Picture

    file = io.BytesIO(photo())
    file.name = "photo.jpg"
    answer = editor.post("/desk/images/add/", {"title": "x", "credit": "", "file": file})

    assert "required" in answer.content.decode()
    assert not Picture.objects.exists()


def test_a_picture_stands_at_the_path_of_its_bytes(bridge, draft, settings):
    draft.lead_picture, draft.lead_caption, draft.lead_alt = bridge, "A bridge.", "A bridge."
    publish(draft)

    picture = read(draft).card.lead.picture
    assert {(each.form, each.width) for each in picture.renditions} == {
        (form, width) for form in ("avif", "webp", "jpg") for width in (320, 640, 800)
    }
    for each in picture.renditions:
        assert each.path == f"pictures/{bridge.digest[:20]}-{each.width}.{each.form}"
        assert each.file.read_bytes()
    assert picture.colour == "#337799" or picture.colour.startswith("#3")
    assert picture.focus == (0.5, 0.5)


def test_the_same_picture_is_kept_once(bridge):
    from tamizdat.desk.actions.pictures import take_in

    again = take_in(photo(), "other.jpg", title="Again", credit="Somebody")
    assert again.pk == bridge.pk


def test_files_of_pictures_that_are_gone_are_tidied_away_a_day_later(bridge, settings):
    from datetime import timedelta

    from tamizdat.desk.tasks import sweep
    from tamizdat.lib import clock

    bridge.delete()
    sweep(clock.now())
    assert list(Path(settings.MEDIA_ROOT, "pictures").iterdir())
    sweep(clock.now() + timedelta(days=1, minutes=1))
    assert not list(Path(settings.MEDIA_ROOT, "pictures").iterdir())


@pytest.mark.parametrize("many", [False, True], ids=["by itself", "among many"])
def test_of_a_deleted_picture_nothing_is_left(
    bridge, settings, many, django_capture_on_commit_callbacks
):
    assert everything_kept(settings)
    with django_capture_on_commit_callbacks(execute=True):
        type(bridge).objects.filter(pk=bridge.pk).delete() if many else bridge.delete()

    assert everything_kept(settings) == []


def test_a_picture_that_gets_another_file_keeps_no_size_of_the_old_one(
    bridge, settings, django_capture_on_commit_callbacks
):
    from tamizdat.desk.pictures.storage import CleanFile
    from tamizdat.lib.pictures import clean

    before = bridge.digest[:20]
    with django_capture_on_commit_callbacks(execute=True):
        bridge.file = CleanFile(clean(photo(colour="#aa3311")), "bridge.jpg")
        bridge.save()

    kept = {file.name[:20] for file in everything_kept(settings) if file.parent.name == "pictures"}
    assert kept == {bridge.digest[:20]} != {before}


def test_a_picture_that_is_there_twice_keeps_its_sizes(
    bridge, settings, django_capture_on_commit_callbacks
):
    from tamizdat.desk.models import Picture

    again = Picture(title="Again", credit="A. Holm", file=bridge.file, digest=bridge.digest)
    again.save()
    with django_capture_on_commit_callbacks(execute=True):
        again.delete()

    assert any(file.name.startswith(bridge.digest[:20]) for file in everything_kept(settings))


def test_the_name_of_an_uploaded_file_is_not_kept(desk, settings):
    from tamizdat.desk.models import Picture

    Picture(title="x", file=ContentFile(photo(), name="anna-novak-phone.jpg")).save()

    assert not [path for path in everything_kept(settings) if "novak" in path.name]
    assert "novak" not in Picture.objects.get().file.name
