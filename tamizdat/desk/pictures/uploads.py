"""Where a file that somebody sends to the desk lies until it has been cleaned."""

import tempfile
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse


class WithoutAName(FileUploadHandler):
    """Keeps a large file where nobody finds it: without a name, in the newsroom's own folder.

    Django's own handler gives it a name. If the desk is killed while it reads a picture, that
    file stays, and it still says where it was taken and by whom.
    """

    file: "UploadedFile[Any]"

    def new_file(self, *args: Any, **named: Any) -> None:
        """Make room for one file."""
        super().new_file(*args, **named)
        place = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115  see NothingLeftOpen
        self.file = UploadedFile(
            place, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        """Keep a piece of it."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        """Return it, ready to be read."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Forget it."""
        if hasattr(self, "file"):
            self.file.close()


class NothingLeftOpen:
    """Close what a request brought, also if it could not be read to its end.

    Django closes the files that it has understood. One that is followed by something malformed
    is not among them: it would stay on the disk as long as anything remembers the error.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        for handler in request.upload_handlers:
            if isinstance(handler, WithoutAName):
                handler.upload_interrupted()
        return answer
