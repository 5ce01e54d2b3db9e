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


def judge(user: User, records: Iterable[Mapping[str, Any]], *, required: bool) -> Verdict:
    """Return whether a session that these authentications opened may be used.

    This is the second lock behind the sign-in pages: whatever view opened the session, now or
    in a later version, a session of somebody with a second step is worth nothing unless that
    step was taken in it, or was set up in it.

    Args:
        user: Whose session it is.
        records: How it was opened, as allauth keeps it in the session.
        required: Whether whoever may publish must have a second step.
    """
    steps = list(Authenticator.objects.filter(user=user))
    if any(step.type in STEPS for step in steps):
        return Verdict.GO_ON if _taken(steps, list(records)) else Verdict.SIGN_IN_AGAIN
    if required and may_publish(user):
        return Verdict.SET_UP
    return Verdict.GO_ON


def _taken(steps: list[Authenticator], records: list[Mapping[str, Any]]) -> bool:
    own = {step.pk for step in steps}
    if any(record["method"] == "mfa" and record.get("id") in own for record in records):
        return True
    opened = min((record["at"] for record in records), default=float("inf"))
    return all(step.created_at.timestamp() > opened for step in steps)
