"""The desk's forms about users: a colleague is known by one mail address, and by nothing else.

The CMS asks for a name to sign in with besides, which opens nothing here.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from wagtail.users.forms import UserCreationForm, UserEditForm

from tamizdat.desk.accounts.actions import staff


class _ByAddress:
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["username"]
        self.fields["email"].help_text = "The address with which somebody signs in."

    def separate_username_field(self) -> bool:
        return False

    def clean_email(self) -> str:
        try:
            address = staff.free_address(self.cleaned_data["email"], but=self.instance.pk)
        except staff.StaffError as error:
            raise ValidationError(str(error)) from error
        self.instance.username = address
        return address


class AddForm(_ByAddress, UserCreationForm):
    pass


class EditForm(_ByAddress, UserEditForm):
    pass
