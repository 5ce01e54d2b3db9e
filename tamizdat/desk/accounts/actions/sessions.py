"""Which sessions at the desk are valid: those that know their user's present epoch."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest

from tamizdat.desk.accounts.actions import wrong_guesses
from tamizdat.desk.accounts.sign_in import Shown, fingerprint, own_ids, taken
from tamizdat.desk.models import SignInState

BEGUN = "desk_sign_in_begun"
PASSWORD = "desk_signed_in"  # noqa: S105  the name under which a session keeps a ticket
SECOND_STEP = "desk_second_step"


def epoch(user: User) -> int:
    """Return the number of this colleague's present epoch.

    It is compared with what they can sign in with now, and goes up when that has changed since:
    a password, a second step, recovery codes, an account that was closed. So it does not matter
    who changed it, a form or a command or somebody in the database. It never goes back, as a mere
    digest would when a step is added and removed again.
    """
    state = _state(user)
    if state.fingerprint == _fingerprint(user):
        return state.epoch
    with transaction.atomic():
        locked = SignInState.objects.select_for_update().get(pk=state.pk)
        now = _fingerprint(user)  # again: a change may have come in before the lock
        if locked.fingerprint != now:
            locked.epoch = F("epoch") + 1
            locked.fingerprint = now
            locked.save(update_fields=["epoch", "fingerprint"])
            locked.refresh_from_db()
    return int(locked.epoch)


@contextmanager
def one_change_at_a_time(user: User) -> Iterator[User | None]:
    """Let nobody else change this colleague's account meanwhile; a transaction.

    It gives the colleague as they are now, or None if they were deleted. Who was read before may
    be older than what an admin changed meanwhile, and Django saves a row whole: the form in which
    somebody changed their own name gave them back their rights and their old password.
    """
    with transaction.atomic():
        yield _held().filter(pk=user.pk).first()


@contextmanager
def one_change_of_any_at_a_time(user: User) -> Iterator[User | None]:
    """Let nobody else change any account meanwhile, for who changes that of a colleague.

    Two who change each other's would wait for each other without end, each in their own row.
    """
    with transaction.atomic():
        everybody = {each.pk: each for each in _held().order_by("pk")}
        yield everybody.get(user.pk)


def begin(session: SessionBase, user: User) -> None:
    """Note in a session, still nobody's, that this colleague begins to sign in there."""
    session[BEGUN] = _ticket(user)


def was_overtaken(session: SessionBase, user: User) -> bool:
    """Return whether the password or a second step has changed since this sign-in began."""
    return session.get(BEGUN) not in (None, _ticket(user))


def open_session(request: HttpRequest, user: User) -> None:
    """Note that this colleague has signed in, and whether with the second step."""
    session, ticket = request.session, _ticket(user)
    session.pop(BEGUN, None)
    session.pop(SECOND_STEP, None)
    session[PASSWORD] = ticket
    wrong_guesses.give_name(session)
    if taken(get_authentication_records(request, user)) & own_ids(user):
        session[SECOND_STEP] = ticket


def shown(session: SessionBase, user: User) -> Shown:
    """Return what this session has shown in the present epoch of this colleague."""
    ticket = _ticket(user)
    return Shown(session.get(PASSWORD) == ticket, session.get(SECOND_STEP) == ticket)


def keep(session: SessionBase, user: User, *, stepped: bool) -> None:
    """Let the session that has just changed how its user signs in go on; the others are over.

    Args:
        session: It was valid before the change.
        user: Whose session it is.
        stepped: Whether it has shown the second step, or has set one up.
    """
    session[PASSWORD] = _ticket(user)
    if stepped:
        session[SECOND_STEP] = session[PASSWORD]
        session.cycle_key()  # a copy of the cookie from before is worth no more than it was
    else:
        session.pop(SECOND_STEP, None)


def go_on(session: SessionBase, user: User) -> None:
    """Let a valid session go on whose own user has just got another password from it."""
    keep(session, user, stepped=session.get(SECOND_STEP) == session.get(PASSWORD))


def _held() -> QuerySet[User]:
    """Return users whose rows are held; what only names one of them need not wait."""
    return User.objects.select_for_update(no_key=True)


def _ticket(user: User) -> str:
    return f"{user.pk}:{epoch(user)}"


def _state(user: User) -> SignInState:
    found = SignInState.objects.filter(user=user).first()
    if found is None:
        defaults = {"fingerprint": _fingerprint(user)}
        found, _ = SignInState.objects.get_or_create(user=user, defaults=defaults)
    return found


def _fingerprint(user: User) -> str:
    password, active = User.objects.values_list("password", "is_active").get(pk=user.pk)
    return fingerprint(password, Authenticator.objects.filter(user=user), active=active)
