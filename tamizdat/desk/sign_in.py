"""When a signed-in colleague may go on: the second step and who must have one."""

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Verdict(Enum):
    GO_ON = "go on"
    SET_UP = "set up a second step first"
    SIGN_IN_AGAIN = "this session was opened without the second step"


def may_publish(user: User) -> bool:
    """Return whether this colleague can send something to readers, or let others do so."""
    if user.is_superuser:
        return True
    return user.groups.filter(page_permissions__permission__codename="publish_page").exists()


def judge(user: User, taken: Iterable[int], *, required: bool) -> Verdict:
    """Return whether a session may be used in which these second steps were taken or set up.

    This is the second lock behind the sign-in pages: whatever view opened the session, now or
    in a later version, a session of somebody with a second step is worth nothing unless that
    step was taken in it, or was set up in it. So a session that a thief of the password opened
    ends when its owner sets a second step up elsewhere.

    Args:
        user: Whose session it is.
        taken: Ids of authenticators, as the session remembers them.
        required: Whether whoever may publish must have a second step.
    """
    own = second_steps(user)
    if any(step.type in STEPS for step in own):
        good = {step.pk for step in own} & set(taken)
        return Verdict.GO_ON if good else Verdict.SIGN_IN_AGAIN
    if required and may_publish(user):
        return Verdict.SET_UP
    return Verdict.GO_ON


def second_steps(user: User) -> list[Authenticator]:
    return list(Authenticator.objects.filter(user=user))


def taken(records: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the ids of the authenticators with which these records of allauth were made."""
    return {record["id"] for record in records if record["method"] == "mfa" and "id" in record}
