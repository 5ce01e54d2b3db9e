"""What lies on the disk while the desk reads a file that somebody sent."""

import contextlib
import io
import os
from pathlib import Path

import pytest

from tamizdat.desk.pictures import picture_form
from tamizdat.desk.tests.conftest import photo

IN_MEMORY = 2_621_440  # bytes; Django keeps smaller files there
BOUNDARY = "no-photo-holds-these-words-by-chance"
BETWEEN = f"\r\n--{BOUNDARY}".encode()
END = BETWEEN + b"--\r\n"
FIELD = BETWEEN + b'\r\nContent-Disposition: form-data; name="title"\r\n\r\n'
FILE = BETWEEN + b'\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
FILE_IN_BASE64 = FILE.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n")


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


# After the file: how the rest of the form goes wrong, and what the sender is told.
BROKEN = {
    "cut off in the file": (b"", 200),
    "a header that never ends": (BETWEEN + b"\r\n" + b"x" * 2000, 400),
    "a text that is too long": (FIELD + b"x" * (IN_MEMORY + 1), 400),
    "too many fields": (FIELD * 10_003 + END, 400),
    "too many files": (FILE * 101 + END, 400),
    "a file in base64 that is none": (FILE_IN_BASE64 + b"x" + END, 400),
}


@pytest.mark.parametrize("end", BROKEN)
def test_a_large_file_of_a_form_that_breaks_off_leaves_nothing(editor, folder, end):
    """Not even an open file without a name, which the disk keeps as long as it is open."""
    rest, told = BROKEN[end]
    sent = FILE + large_photo().read() + rest
    answer = editor.generic(
        "POST", "/desk/images/add/", sent, content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )

    assert answer.status_code == told
    assert not list(folder.iterdir())
    assert not [place for place in open_files() if place.startswith(str(folder))]


def open_files():
    """Yield the places of all files that this process has open; those without a name, too."""
    for number in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the one that lists them
            yield str(number.readlink())
