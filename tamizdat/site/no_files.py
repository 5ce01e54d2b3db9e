"""No form of the counter or the till has a file; a form that brings one is none of ours."""

from typing import Any, Never

from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParserError


class RefuseFiles(FileUploadHandler):
    """Refuses a form at its first file, before a byte of it is kept anywhere."""

    def new_file(self, *_args: Any, **_named: Any) -> Never:
        """Refuse: Django answers with 400."""
        raise MultiPartParserError("a file, where no form has one")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing."""

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""
