"""Check a code that somebody typed as their second step."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from allauth.mfa.utils import decrypt
from django.contrib.auth.models import User
from django.db import transaction

from tamizdat.desk.accounts import codes
from tamizdat.desk.accounts.actions import sessions
from tamizdat.desk.models import SignInState


class WrongCodeError(Exception):
    """This opens nothing."""


class TwoInARowError(WrongCodeError):
    """One code is not enough now, right or wrong."""


def prove(user: User, typed: str, at: datetime) -> Authenticator:
    """Return the authenticator that showed what was typed; an app's code counts only once.

    Wrong codes are counted in the database, so that neither a restart nor a second process
    forgets them. One guess is judged at a time.

    Raises:
        TwoInARowError: there were too many wrong codes of late, see `tamizdat.desk.accounts.codes`.
        WrongCodeError: nobody's app shows it, or it was used before.
    """
    given = codes.parts(typed)
    sessions.epoch(user)  # makes the row that is locked
    with transaction.atomic():
        state = SignInState.objects.select_for_update().get(user=user)
        if codes.is_forgotten(state.wrong_since, at):
            state.wrong_codes, state.wrong_since = 0, at
        enough = len(given) > 1 or codes.one_is_enough(state.wrong_codes, state.wrong_since, at)
        found = _match(user, given) if given and enough else None
        if found is None:
            state.wrong_codes += 1
            state.save(update_fields=["wrong_codes", "wrong_since"])
    if found:
        return found
    raise WrongCodeError if enough else TwoInARowError


def wrong_codes(user: User, at: datetime) -> int:
    """Return how many wrong codes were typed with this colleague's password of late."""
    state = SignInState.objects.filter(user=user).first()
    if state is None or codes.is_forgotten(state.wrong_since, at):
        return 0
    return state.wrong_codes


def _match(user: User, given: list[str]) -> Authenticator | None:
    types = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
    for one in Authenticator.objects.select_for_update().filter(user=user, type__in=types):
        fits = _app_shows if one.type == Authenticator.Type.TOTP else _are_unused
        if fits(one, given):
            return one
    return None


def _app_shows(app: Authenticator, given: list[str]) -> bool:
    secret = decrypt(app.data["secret"])
    counter = codes.shown_at(secret, given, auth.yield_hotp_counters_from_time())
    if counter is None or counter <= app.data.get("last_counter", 0):
        return False
    app.data["last_counter"] = counter  # RFC 6238, 5.2: a code is good for one sign-in
    app.save(update_fields=["data"])
    return True


def _are_unused(recovery: Authenticator, given: list[str]) -> bool:
    held = recovery.wrap()
    if len(set(given)) != len(given) or not set(given) <= set(held.get_unused_codes()):
        return False
    return all(held.validate_code(code) for code in given)
