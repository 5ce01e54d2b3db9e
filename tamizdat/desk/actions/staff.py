"""Let people in at the desk."""

from typing import Literal

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from tamizdat.desk.actions import groups, sessions

Role = Literal["reporter", "editor", "admin"]
GROUPS = {"reporter": groups.REPORTERS, "editor": groups.EDITORS}


class StaffError(Exception):
    """Somebody cannot be let in; the message says why, and holds no password."""


@transaction.atomic
def create_user(address: str, name: str, password: str, role: str) -> User:
    """Let somebody in with this mail address, name, password and role.

    Raises:
        StaffError: the address is no address or is taken, the password is weak, the role unknown.
    """
    address = address.strip().lower()
    if role not in (*GROUPS, "admin"):
        raise StaffError(f"There is no role {role!r}: it is reporter, editor or admin.")
    _check(address, password)
    first, _, last = name.strip().partition(" ")
    user = User.objects.create_user(
        username=address,
        email=address,
        password=password,
        first_name=first[:150],
        last_name=last[:150],
        is_superuser=role == "admin",
        is_staff=role == "admin",
    )
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    if role in GROUPS:
        user.groups.add(Group.objects.get(name=GROUPS[role]))
    return user


def reset_second_step(address: str) -> None:
    """Forget somebody's second step, with its recovery codes: the phone or the key is lost.

    The password stays, and all sessions are over. Without a second step nobody gets further than
    to setting one up.

    Raises:
        StaffError: nobody signs in with this address.
    """
    user = User.objects.filter(username=address.strip().lower()).first()
    if user is None:
        raise StaffError("Nobody signs in with that address.")
    with sessions.one_change_at_a_time(user):
        Authenticator.objects.filter(user=user).delete()
        sessions.epoch(user)


def _check(address: str, password: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise StaffError("That is no mail address.") from error
    if User.objects.filter(username=address).exists():
        raise StaffError("Somebody signs in with that address already.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise StaffError(" ".join(error.messages)) from error
