from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm


class PasskeyForm(AddWebAuthnForm):
    """Adds a passkey that signs in by itself, unless somebody unticks that.

    The library begins with a key that only follows a password. Then the button "Sign in with a
    passkey" would not find it, and nobody would know why.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = "To tell it from others: the phone, the grey key."
        alone = self.fields["passwordless"]
        alone.initial = True
        alone.label = "Signs in by itself, without the password"
        alone.help_text = "Asks for a fingerprint, a face or a PIN. Untick it for a key without."
