from typing import Any

from django import forms
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from tamizdat.desk.pictures.storage import CleanFile
from tamizdat.lib.pictures import PictureError, clean

REFUSED = "refused"  # of a file that was sent: why it cannot be cleaned


class PictureField(forms.FileField):
    """A file that is cleaned before anything else looks at it.

    It stands in for the CMS's own field, whose first look at a damaged file raises an error
    that nobody catches.
    """

    def __init__(self, *, like: WagtailImageField, **kwargs: Any) -> None:
        """Ask for a file as the CMS's field does, which its page for many uploads quotes."""
        super().__init__(
            widget=like.widget,
            required=like.required,
            error_messages=like.error_messages,
            **kwargs,
        )
        self.max_upload_size: int | None = like.max_upload_size  # in bytes

    def to_python(self, data: Any) -> Any:
        file = super().to_python(data)
        if file is None or isinstance(file, CleanFile):
            return file
        if self.max_upload_size is not None and file.size > self.max_upload_size:
            raise forms.ValidationError(self.error_messages["file_too_large_unknown_size"])
        if why := getattr(file, REFUSED, ""):  # to look again would take as long
            raise forms.ValidationError(why)
        try:
            cleaned = CleanFile(clean(file), file.name or "picture")
        except PictureError as error:
            setattr(file, REFUSED, str(error))
            raise forms.ValidationError(str(error)) from error
        file.cleaned = cleaned  # type: ignore[attr-defined]  # the CMS keeps the upload itself where its credit is missing
        return cleaned


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" not in self.fields:  # the form that asks many uploads for their credit
            return
        self.fields["file"] = PictureField(
            like=self.fields["file"],
            label="File",
            help_text="Where it was taken, by what and by whom is taken out of the file.",
        )
