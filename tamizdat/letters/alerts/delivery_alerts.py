"""What is said of letters that do not leave: alerts in plain sentences, with codes and no words."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from tamizdat.letters.models import Issue
from tamizdat.lib.alerts import Alert, clear, raise_alert, standing, standing_under
from tamizdat.lib.failures import where
from tamizdat.lib.numbers import whole

RELAY = "mail-relay"
SEALED = "letters-sealed"
DOUBTS = "letters-in-doubt"
LETTER = "letter-"
LARGEST = 2**63 - 1  # number of a letter
_ABOUT_LETTERS = (RELAY, "letter", "issue-")
_KIND = "Letters of the kind “{kind}” cannot be written."
_TAKES_NOTHING = {
    "mailbox": "The mailbox on screen takes no letters.",
    "": "The mail relay takes no letters.",
}
_SEE_THE_DISK = "See that there is room in data/ and that this user may write there. Letters wait."
_SEE_THE_RELAY = (
    "Letters wait and are tried again by themselves, at the latest after 15 minutes. See that the "
    "relay runs and is the one named by the setting send, under [mail]. If the step is TLS, check "
    "its certificate. If it is AUTH, check the user and TAMIZDAT_MAIL_PASSWORD. If it says no at "
    "another step, ask whoever runs it whether it takes letters from the address in from_address."
)


def relay_is_away(data: Path, transport: str, why: str, at: datetime) -> None:
    """Say that no letter can be handed over."""
    what = _TAKES_NOTHING.get(transport, _TAKES_NOTHING[""])
    do = _SEE_THE_DISK if transport == "mailbox" else _SEE_THE_RELAY
    raise_alert(data, Alert(RELAY, what, why, do), at)


def no_address(data: Path, at: datetime) -> None:
    """Say that the relay's address in the settings cannot be one."""
    why = "[mail] send in tamizdat.toml is no address of a relay."
    do = 'Write "mailbox" or an address like smtp://mail.example.org:587. Letters wait.'
    raise_alert(data, Alert(RELAY, _TAKES_NOTHING[""], why, do), at)


def relay_works(data: Path) -> None:
    """Take it back: a letter was handed over."""
    clear(data, RELAY)


def says_relay_is_away(data: Path) -> bool:
    """Say whether it stands that no letter can be handed over."""
    return any(each.key == RELAY for each in standing(data))


def issue_refused(data: Path, issue: Issue, why: str, at: datetime) -> None:
    """Say that the relay refuses an issue for what is in it."""
    what = f"The mail relay refuses the letters of {name(issue)} for what is in them."
    do = (
        "It said so of three letters in a row, so the others were not tried. If the relay takes no "
        "letters of this length, have its limit raised; if it takes them for junk, ask whoever "
        "runs it. They wait and are tried again by themselves, at the latest after an hour."
    )
    raise_alert(data, Alert(_issue_key(issue.pk), what, why, do), at)


def name(issue: Issue) -> str:
    """Return how an issue is called where it is not looked at."""
    return f"issue {issue.pk} ({issue.newsletter}, {issue.language})"


def issue_works(data: Path, issue: int) -> None:
    """Take it back: a letter of this issue was handed over."""
    clear(data, _issue_key(issue))


def of_issues(data: Path) -> Iterable[int]:
    """Return the issues about which an alert of their own stands."""
    return filter(None, (whole(each, LARGEST) for each in standing_under(data, _issue_key(""))))


def unwritten(data: Path, letter: int, kind: str, error: Exception, at: datetime) -> None:
    """Say that one letter cannot be made."""
    what = f"Letter {letter} (of the kind “{kind}”) cannot be written."
    do = "The others go on. It waits and is tried again by itself; please report the cause."
    raise_alert(data, Alert(f"{LETTER}{letter}", what, do=do, cause=where(error)), at)


def unnoted(data: Path, letter: int, kind: str, error: Exception, at: datetime) -> None:
    """Say that what became of one letter cannot be noted."""
    what = f"What became of letter {letter} (of the kind “{kind}”) cannot be noted."
    do = "The others go on. It is noted as soon as that works; please report the cause."
    cause = where(error.__cause__ or error)
    raise_alert(data, Alert(f"{LETTER}{letter}", what, do=do, cause=cause), at)


def kind_unwritten(data: Path, kind: str, error: Exception, at: datetime) -> None:
    """Say that letters of a kind cannot be made."""
    what = _KIND.format(kind=kind)
    do = (
        f"See letters/{kind}.* in the newsroom's theme/, if it is there, and what changed since "
        "the last of them was sent. They wait and are tried again by themselves."
    )
    raise_alert(data, Alert(_kind_key(kind), what, do=do, cause=where(error)), at)


def kind_written(data: Path, kind: str) -> None:
    """Take it back: letters of this kind are written again."""
    clear(data, _kind_key(kind))


def of_kinds(data: Path) -> Iterable[str]:
    """Return the kinds of which it is told that they cannot be written."""
    for alert in standing(data):
        kind = alert.what.partition("“")[2].partition("”")[0]
        if alert.what == _KIND.format(kind=kind) and alert.key == _kind_key(kind):
            yield kind


def no_policy(data: Path, language: str, at: datetime) -> None:
    """Say that readers agree to a privacy policy that is not there."""
    what = f"Readers who subscribe in “{language}” agree to a privacy policy that is not there."
    do = f"Publish a plain page in “{language}” with the slug “privacy”."
    raise_alert(data, Alert(_policy_key(language), what, do=do), at)


def policy_is_there(data: Path, language: str) -> None:
    """Take it back: there is one, or nobody is asked to agree."""
    clear(data, _policy_key(language))


def of_policies(data: Path) -> list[str]:
    """Return the languages of which it is told, also those that are no longer ours."""
    return standing_under(data, _policy_key(""))


def of_letters_page(data: Path) -> list[Alert]:
    """Return what is to be said where letters are looked at."""
    return [each for each in standing(data) if each.key.startswith(_ABOUT_LETTERS)]


def of_issue(data: Path, issue: int, trials: Iterable[int] = ()) -> list[Alert]:
    """Return what touches one issue, or these trials of it."""
    touching = {RELAY, SEALED, DOUBTS, _kind_key("issue"), _kind_key("trial"), _issue_key(issue)}
    touching |= {f"{LETTER}{letter}" for letter in trials}
    return [each for each in standing(data) if each.key in touching]


def of_letters(data: Path) -> Iterable[int]:
    """Return the letters about which an alert of their own stands."""
    for alert in standing(data):
        kind, hyphen, number = alert.key.partition("-")
        letter = whole(number, LARGEST) if f"{kind}{hyphen}" == LETTER else None
        if letter is not None:
            yield letter


def letter_went(data: Path, letter: int) -> None:
    """Take back what was said about one letter: it is done with, or gone."""
    clear(data, f"{LETTER}{letter}")


def key_opens_nothing(data: Path, at: datetime) -> None:
    """Say that the reader key does not open what was sealed to it."""
    what = "The reader key does not open the addresses of waiting letters."
    why = "Three letters in a row did not open. They were sealed to another key, or were changed."
    do = (
        "Put keys/reader.private and keys/reader.public back as they were when these readers "
        "subscribed. Letters to subscribers wait."
    )
    raise_alert(data, Alert(SEALED, what, why, do), at)


def key_opens(data: Path) -> None:
    """Take it back: a letter opened."""
    clear(data, SEALED)


def _issue_key(issue: int | str) -> str:
    return f"issue-{issue}"


def _policy_key(language: str) -> str:
    return f"letters-policy-{language}"


def _kind_key(kind: str) -> str:
    return f"letters-{kind}".replace("_", "-")
