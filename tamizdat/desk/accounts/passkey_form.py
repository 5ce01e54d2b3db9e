"""The forms of passkeys. What a browser sends there was made by a stranger, and may be anything."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from allauth.mfa.webauthn.internal import auth as webauthn
from django import forms

from tamizdat.desk.accounts import guess_limit

MALFORMED = (LookupError, TypeError, ValueError, AttributeError)


class Shallow(json.JSONDecoder):
    """Takes JSON that is nested too deeply for broken, where Python's own raises RecursionError."""

    def decode(self, s: str, *args: Any) -> Any:
        """Return the values that a text stands for.

        Raises:
            JSONDecodeError: it is no JSON, or goes too deep.
        """
        try:
            return super().decode(s, *args)
        except RecursionError as error:
            raise json.JSONDecodeError("too deep", "", 0) from error


def _credential() -> forms.JSONField:
    return forms.JSONField(widget=forms.HiddenInput, decoder=Shallow)


@contextmanager
def _refused_if_malformed() -> Iterator[None]:
    """Refuse what lacks a part, or has one of another kind; the library breaks at some of these."""
    try:
        yield
    except MALFORMED as error:
        raise get_adapter().validation_error("incorrect_code") from error


class PasskeyForm(AddWebAuthnForm):
    """Adds a passkey that signs in by itself, unless somebody unticks that.

    The library begins with a key that only follows a password. Then the button "Sign in with a
    passkey" would not find it, and nobody would know why.
    """

    credential = _credential()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "To tell it from others: the phone, the grey key."
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = "Signs in by itself, without the password"
        alone.help_text = "Asks for a fingerprint, a face or a PIN. Untick it for a key without."

    def clean(self) -> Any:
        with _refused_if_malformed():
            return super().clean()


class PasskeyAloneForm(LoginWebAuthnForm):
    """Takes the passkey that signs in by itself."""

    credential = _credential()

    def clean_credential(self) -> Any:
        with _refused_if_malformed():
            return super().clean_credential()


class _Unlimited:
    """Has no limit of tries: the library's locks the owner out, and nobody guesses a signature."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Any:
        given = self.cleaned_data["credential"]
        try:
            with _refused_if_malformed():
                webauthn.parse_authentication_response(given)
                return webauthn.complete_authentication(self.user, given)
        except forms.ValidationError:
            guess_limit.note()
            raise


class PasskeyStepForm(_Unlimited, AuthenticateWebAuthnForm):
    """Takes the passkey that follows the password."""

    credential = _credential()


class PasskeyAgainForm(_Unlimited, ReauthenticateWebAuthnForm):
    """Takes a passkey from somebody who has signed in already."""

    credential = _credential()
