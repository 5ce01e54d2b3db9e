"""How sign-in behaves here: no strangers, no mail, locked secrets."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from tamizdat.desk.accounts import guess_limit, passkeys
from tamizdat.desk.accounts.actions import codes, sessions
from tamizdat.desk.accounts.sign_in import has_second_step
from tamizdat.lib import clock

AGAIN = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use your passkey",
}

TELL_OF = 5  # wrong codes: fewer are one's own slips
SOMEBODY_TRIED = (
    "{wrong} wrong codes were typed for this account within a day, after its right password. "
    "If that was not you, somebody knows your password: change it."
)


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: Any) -> bool:  # noqa: ARG002  allauth's signature
        """Nobody signs up at a newsroom's desk: colleagues are let in."""
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, str]]:
        """Return the ways to show once more who one is, in our words."""
        ways: list[dict[str, str]] = super().get_reauthentication_methods(user)
        return [way | {"description": AGAIN[way["id"]]} for way in ways]

    def pre_login(self, request: Any, user: User, **said: Any) -> Any:
        """Note when this sign-in began: after the password, before the second step."""
        sessions.begin(request.session, user)
        return super().pre_login(request, user, **said)

    def login(self, request: Any, user: User) -> None:
        """Open a session, unless the password or a second step was changed since it began."""
        if sessions.was_overtaken(request.session, user):
            request.session.flush()
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        wrong = codes.wrong_codes(user, clock.now())
        if wrong >= TELL_OF:
            messages.warning(request, SOMEBODY_TRIED.format(wrong=wrong))

    def authenticate(self, request: Any, **credentials: Any) -> User | None:
        """Return whose address and password these are; None if they are nobody's.

        The library counts wrong passwords by mail address, so that a stranger who knows it would
        keep its owner out. The right password of somebody with a second step is taken all the
        same: alone it opens nothing, and codes have a limit of their own. Nobody else is told more
        than that there were too many.

        Raises:
            ValidationError: there were too many wrong ones, and a password alone would do.
        """
        try:
            found: User | None = super().authenticate(request, **credentials)
        except ValidationError:
            found = authenticate(request, **credentials)
            if found is None or not has_second_step(found):
                raise
        return found

    def is_safe_url(self, url: str | None) -> bool:
        """Return whether the sign-in page may lead on to this: to a page of the desk, by its path.

        The library takes every name that this server answers to, and "localhost" is one of them:
        there, another program of the colleague's machine would answer.
        """
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether this is the password of whoever sits here.

        The library counts wrong ones by mail address, and a thief in a session of their own would
        keep the owner from setting up a second step. We count them by session (`guess_limit.py`).
        """
        right = user.check_password(password)
        if not right:
            guess_limit.note()
        return right

    def send_mail(self, *_args: Any, **_kwargs: Any) -> None:
        """Send nothing: all mail is the letters' business, and none of it is about accounts."""


class SecondStepAdapter(DefaultMFAAdapter):
    """Keeps the secrets of authenticator apps locked: a copied database opens no account."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        newsroom = settings.NEWSROOM
        return {"id": passkeys.domain(newsroom.addresses.desk), "name": newsroom.name}

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's signature
        many = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {many + 1}" if many else "Passkey"

    def encrypt(self, text: str) -> str:
        return _lock().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _lock().decrypt(encrypted_text.encode("ascii")).decode()


def _lock() -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"tamizdat desk second step").derive(
        settings.SECRET_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
