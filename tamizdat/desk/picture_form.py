from typing import Any

from django import forms
from wagtail.images.forms import BaseImageForm

from tamizdat.desk.storage import CleanFile
from tamizdat.lib.pictures import PictureError, clean


class PictureForm(BaseImageForm):
    def clean_file(self) -> Any:
        """Clean the picture here already, so that a bad one is refused in a sentence."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        try:
            return CleanFile(clean(b"".join(file.chunks())), file.name)
        except PictureError as error:
            raise forms.ValidationError(str(error)) from error
