"""How many wrong passwords, codes, passkeys and passphrases came in one open session.

The count is a row, changed in the database. In the session itself it would be lost: a request
that loaded the session earlier, and saves it later, writes back what stood there before.
"""

from secrets import token_hex

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import F

from tamizdat.desk.models import WrongGuesses

MOST = 5
NAME = "desk_session"  # under which a session keeps its name; its key changes, this does not


def give_name(session: SessionBase) -> None:
    """Name a session that was just opened, so that its guesses can be counted."""
    session[NAME] = token_hex(16)


def name_of(session: SessionBase) -> str:
    """Return the session's name; "" for one that was opened before sessions had names."""
    return str(session.get(NAME, ""))


def take(session: str, user: User) -> bool:
    """Count a guess as wrong before it is judged; return False if no guess is left.

    Requests that were sent together cannot all be judged before one of them is counted. So more
    than five right ones at the same moment end the session, too: no person sends them.
    """
    if not session:
        return False
    WrongGuesses.objects.get_or_create(session=session, defaults={"user": user})
    left = WrongGuesses.objects.filter(session=session, wrong__lt=MOST)
    return bool(left.update(wrong=F("wrong") + 1))


def give_back(session: str) -> None:
    """Count one wrong guess less: it was right, or it was none."""
    WrongGuesses.objects.filter(session=session, wrong__gt=0).update(wrong=F("wrong") - 1)
    WrongGuesses.objects.filter(session=session, wrong=0).delete()


def forget(session: str) -> None:
    """Forget the guesses of a session that has ended."""
    WrongGuesses.objects.filter(session=session).delete()


def are_spent(session: str) -> bool:
    return WrongGuesses.objects.filter(session=session, wrong__gte=MOST).exists()
