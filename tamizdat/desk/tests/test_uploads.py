"""What lies on the disk while the desk reads a file that somebody sent."""

import io
import os
from pathlib import Path

import pytest

from tamizdat.desk import picture_form
from tamizdat.desk.tests.conftest import photo

IN_MEMORY = 2_621_440  # bytes; Django keeps smaller files there


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "data")
    Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir()
    return Path(settings.FILE_UPLOAD_TEMP_DIR)


def large_photo():
    """A photo that says where it was taken, with so much after its end that it goes to a disk."""
    file = io.BytesIO(photo() + os.urandom(IN_MEMORY + 1))
    file.name = "anna-novak-phone.jpg"
    return file


def test_a_large_file_has_no_name_while_it_is_read(editor, folder, monkeypatch):
    """Else it would stay, with all that it says, if the desk were killed at this moment."""
    from tamizdat.desk.models import Picture

    lies_there, really = [], picture_form.clean

    def watched(data):
        lies_there.append(list(folder.iterdir()))
        return really(data)

    monkeypatch.setattr(picture_form, "clean", watched)
    editor.post("/desk/images/add/", {"title": "x", "credit": "y", "file": large_photo()})

    assert lies_there == [[]]
    assert Picture.objects.get().digest


def test_a_large_file_that_is_broken_off_leaves_nothing(editor, folder):
    sent = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
        + large_photo().read()
    )
    answer = editor.generic(
        "POST", "/desk/images/add/", sent, content_type="multipart/form-data; boundary=x"
    )

    assert answer.status_code == 200
    assert not list(folder.iterdir())
