"""The forms of passwords and of an authenticator app, with our limit in place of the library's.

The library's is a number of tries for each user, which whoever knows the password can use up. Ours
locks nobody out (`codes.py`). Wrong codes of an app that is being set up are counted by session
alone: its secret stands on the same page.
"""

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.internal.flows.add import validate_can_add_authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from django.core.exceptions import ValidationError

from tamizdat.desk.accounts import guess_limit
from tamizdat.desk.accounts.actions import codes
from tamizdat.lib import clock

TWO_IN_A_ROW = (
    "Too many wrong codes were typed for this account, so one is not enough today. Type two in a "
    "row: the code that your app shows, then the next one; or two recovery codes. If the wrong "
    "ones were not yours, somebody has your password: change it."
)


class _Code:
    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Any

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"])
        try:
            self.authenticator = codes.prove(self.user, typed, clock.now())
        except codes.TwoInARowError as error:
            guess_limit.note()
            raise ValidationError(TWO_IN_A_ROW) from error
        except codes.WrongCodeError as error:
            guess_limit.note()
            raise get_adapter().validation_error("incorrect_code") from error
        self.authenticator.user = self.user
        return typed


class PasswordForm(ChangePasswordForm):
    """Changes the password of somebody who knows it."""

    def clean_oldpassword(self) -> str:
        try:
            return str(super().clean_oldpassword())
        except ValidationError:
            guess_limit.note()
            raise


class CodeForm(_Code, AuthenticateForm):
    """Takes the code that follows the password."""


class CodeAgainForm(_Code, ReauthenticateForm):
    """Takes a code from somebody who has signed in already."""


class ActivateForm(ActivateTOTPForm):
    """Sets an authenticator app up."""

    def clean_code(self) -> str:
        validate_can_add_authenticator(self.user)
        typed = str(self.cleaned_data["code"])
        if not totp.validate_totp_code(self.secret, typed):
            guess_limit.note()
            raise get_adapter().validation_error("incorrect_code")
        return typed
