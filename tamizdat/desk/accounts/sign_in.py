"""When a signed-in colleague may go on: the second step and who must have one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

from tamizdat.desk.accounts import rights

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What using or naming an authenticator changes in its data; all else is the authenticator itself.
PASSING = frozenset({"used_mask", "viewed_at", "name", "last_counter"})


class Verdict(Enum):
    GO_ON = "go on"
    SET_UP = "set up a second step first"
    SIGN_IN_AGAIN = "this session is over, or was opened without the second step"
    NO_DESK = "this account has no work at the desk"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a session has shown since its user's ways to sign in last changed."""

    password: bool
    second_step: bool


def needs_second_step(user: User) -> bool:
    """Return whether this colleague may do anything that reporters may not.

    Whatever that is, it changes what readers see, opens what they entrusted to us, or lets others
    do so. A list of such rights would miss the next one.
    """
    return not rights.reporters().cover(rights.of(user))


def judge(user: User, shown: Shown, *, required: bool) -> Verdict:
    """Return whether a session in which this was shown may be used.

    This is the second lock behind the sign-in pages: whatever view opened the session, now or
    in a later version, a session of somebody with a second step is worth nothing unless that
    step was taken in it, or was set up in it.

    Args:
        user: Whose session it is.
        shown: What the session has proved, see `sessions.shown`.
        required: Whether whoever may do more than a reporter must have a second step.
    """
    if not shown.password:
        return Verdict.SIGN_IN_AGAIN
    if has_second_step(user):
        return _at_work(user) if shown.second_step else Verdict.SIGN_IN_AGAIN
    if required and needs_second_step(user):
        return Verdict.SET_UP
    return _at_work(user)


def _at_work(user: User) -> Verdict:
    return Verdict.GO_ON if user.has_perm("wagtailadmin.access_admin") else Verdict.NO_DESK


def has_second_step(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=STEPS).exists())


def own_ids(user: User) -> set[int]:
    """Return the ids of this colleague's authenticators, recovery codes among them."""
    return set(Authenticator.objects.filter(user=user).values_list("pk", flat=True))


def taken(records: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the ids of the authenticators with which these records of allauth were made."""
    return {record["id"] for record in records if record["method"] == "mfa" and "id" in record}


def fingerprint(password: str, authenticators: Iterable[Authenticator], *, active: bool) -> str:
    """Return a digest of all that this colleague can sign in with; any change gives another.

    A code that was used, a code that was looked at and a passkey's new name change nothing.
    """
    held = sorted(
        (one.pk, one.type, {k: v for k, v in one.data.items() if k not in PASSING})
        for one in authenticators
    )
    whole = json.dumps([password, active, held], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
