"""What `tamizdat doctor` and the desk's first screen look at, each a question with answers.

A question that fails is an answer itself: the doctor never dies of what it should find.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from tamizdat.lib.failures import where
from tamizdat.lib.newsroom import Newsroom
from tamizdat.site.health import (
    configuration,
    databases,
    disk,
    edition,
    keys,
    machines,
    owners,
    running,
    waiting,
)
from tamizdat.site.health.finding import Finding, wrong

__all__ = ["Finding", "examine", "troubles", "unanswered"]

ALL_ROLES = ("desk", "counter", "till")
DESK = ("desk",)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which roles' machines, and whether a database has to answer it.

    What is `quick` is asked for the desk's first screen, too.
    """

    about: str
    ask: Callable[[Newsroom], Iterator[Finding]]
    roles: tuple[str, ...] = ALL_ROLES
    needs_database: bool = False
    quick: bool = False


QUESTIONS = (
    Question("the settings", configuration.fit_together),
    Question("the databases", databases.that_do_not_answer, quick=True),
    Question("the databases' versions", databases.are_up_to_date),
    Question("who can read the files", disk.closed_to_others),
    Question("whose the files are", owners.are_ours),
    Question("the disk", disk.takes_what_is_written, quick=True),
    Question("the keys", keys.are_there, quick=True),
    Question("the reader key", keys.fits_the_readers, DESK, needs_database=True),
    Question("the edition", edition.is_whole, DESK, quick=True),
    Question("the addresses", configuration.are_encrypted),
    Question("the look", configuration.is_readable, DESK),
    Question("the worker", running.works, quick=True),
    Question("the other machines", machines.answer, ("desk", "counter")),
    Question("what fails now", running.alerts_that_stand, quick=True),
    Question("what waits", waiting.for_the_reader_key, DESK, needs_database=True),
    Question("issues", waiting.issues_that_are_stuck, DESK, needs_database=True, quick=True),
    Question("what is only pretended", configuration.defaults, DESK),
)


def examine(newsroom: Newsroom) -> list[Finding]:
    """Look at everything and return all findings, the good ones too."""
    return _answers(newsroom, QUESTIONS)


def unanswered(findings: Sequence[Finding]) -> list[str]:
    """Return the questions that these findings leave open: not asked, in vain, or seen in part."""
    found = [each.question for each in findings if each.partly]
    away = not databases.answer()
    found += [each.about for each in QUESTIONS if away and each.needs_database]
    return list(dict.fromkeys(found))


def troubles(newsroom: Newsroom) -> list[Finding]:
    """Return what is wrong, of all that can be seen in a moment."""
    quick = tuple(each for each in QUESTIONS if each.quick)
    return [each for each in _answers(newsroom, quick) if not each.well]


def _answers(newsroom: Newsroom, questions: tuple[Question, ...]) -> list[Finding]:
    away = not databases.answer()
    found: list[Finding] = []
    for question in questions:
        if settings.ROLE in question.roles and not (away and question.needs_database):
            for each in _answer(question, newsroom):
                asked = replace(each, question=each.question or question.about)
                # What we see now comes before an alert of it, under its sentence or its name.
                if not any(each.what == one.what or _is_alert_of(each, one) for one in found):
                    found.append(asked)
    return found


def _is_alert_of(one: Finding, other: Finding) -> bool:
    return one.about == other.about and one.about.startswith("alert ")


def _answer(question: Question, newsroom: Newsroom) -> list[Finding]:
    try:
        return list(question.ask(newsroom))
    except Exception as error:  # noqa: BLE001  whatever is broken, the doctor says it
        failed = wrong(
            f"{question.about} could not be looked at",
            "See the other findings first. If there are none, this is a fault of the program.",
            f"The cause: {where(error)}.",
        )
        return [replace(failed, partly=True)]
