"""Let people in at the desk."""

from typing import Literal

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from tamizdat.desk.accounts.actions import groups, sessions

Role = Literal["reporter", "editor", "admin"]
GROUPS = {"reporter": groups.REPORTERS, "editor": groups.EDITORS}

LONGEST = 150  # letters, of Django's username


class StaffError(Exception):
    """Somebody cannot be let in; the message says why, and holds no password."""


@transaction.atomic
def create_user(address: str, name: str, password: str, role: str) -> User:
    """Let somebody in with this mail address, name, password and role.

    Raises:
        StaffError: the address is no address or is taken, the password is weak, the role unknown.
    """
    if role not in (*GROUPS, "admin"):
        raise StaffError(f"There is no role {role!r}: it is reporter, editor or admin.")
    address = free_address(address)
    _check(password)
    group = _group(GROUPS[role]) if role in GROUPS else None
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
    if group:
        user.groups.add(group)
    return user


def reset_second_step(address: str) -> None:
    """Forget somebody's second step, with its recovery codes: the phone or the key is lost.

    The password stays, and all sessions are over. Without a second step nobody gets further than
    to setting one up.

    Raises:
        StaffError: nobody signs in with this address, or several do.
    """
    user = by_address(address)
    with sessions.one_change_at_a_time(user):
        Authenticator.objects.filter(user=user).delete()
        sessions.epoch(user)


def by_address(address: str) -> User:
    """Return who signs in with this address, however it is written.

    Raises:
        StaffError: nobody does, or several: an older version took one address twice.
    """
    found = list(User.objects.filter(email__iexact=address.strip()))
    if not found:
        raise StaffError("Nobody signs in with that address.")
    if len(found) > 1:
        raise StaffError("Several accounts have that address. Give each its own at the desk.")
    return found[0]


def free_address(address: str, *, but: int | None = None) -> str:
    """Return an address as it is kept, if nobody signs in with it, or only the account `but`.

    The name that Django keeps of a user is the same address, and shorter than one may be.

    Raises:
        StaffError: it is no address, is too long, or is taken.
    """
    kept = address.strip().lower()
    try:
        validate_email(kept)
    except ValidationError as error:
        raise StaffError("That is no mail address.") from error
    if len(kept) > LONGEST:
        raise StaffError(f"An address to sign in with has at most {LONGEST} letters.")
    others = User.objects.exclude(pk=but) if but else User.objects.all()
    if others.filter(Q(email__iexact=kept) | Q(username__iexact=kept)).exists():
        raise StaffError("Somebody signs in with that address already.")
    return kept


def _group(name: str) -> Group:
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise StaffError(
            f"There is no group “{name}”: it was renamed or deleted. Give it that name again at "
            "the desk, under Settings and Groups."
        )
    return group


def _check(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise StaffError(" ".join(error.messages)) from error
