from typing import Any

from django import forms
from wagtail.images.forms import BaseImageForm

from tamizdat.desk.storage import CleanFile
from tamizdat.lib.pictures import PictureError, clean


class PictureField(forms.FileField):
    """A file that is cleaned before anything else looks at it.

    It stands in for the CMS's own field, whose first look at a damaged file raises an error
    that nobody catches.
    """

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None or isinstance(file, CleanFile):
            return file
        try:
            return CleanFile(clean(b"".join(file.chunks())), file.name or "picture")
        except PictureError as error:
            raise forms.ValidationError(str(error)) from error


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" not in self.fields:  # the form that asks many uploads for their credit
            return
        theirs = self.fields["file"]
        self.fields["file"] = PictureField(
            label="File",
            widget=theirs.widget,
            required=theirs.required,
            help_text="Where it was taken, by what and by whom is taken out of the file.",
        )
