"""Letters that an older version left are carried over: none is lost, none repeated without end."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tamizdat.letters import outbox
from tamizdat.letters.models import Issue, Letter
from tamizdat.letters.outbox.single_sender import Turn
from tamizdat.letters.providers.base import Evidence
from tamizdat.lib import clock
from tests.in_a_newsroom import lay_out, tell

BEFORE = "0003_message_ids"
STATES = ("queued", "taken", "deferred", "handed", "refused", "suppressed", "doubt")


@pytest.mark.django_db(databases=["default"])
def test_letters_in_doubt_and_in_hand_are_carried_over(tmp_path, databases):
    tell(lay_out(tmp_path / "newsroom", databases), carried_over)


def carried_over(_newsroom):
    at = clock.now()
    yesterday = at - timedelta(days=1)
    call_command("migrate", "letters", BEFORE, verbosity=0)
    old = MigrationExecutor(connection).loader.project_state(("letters", BEFORE)).apps
    for number, state in enumerate(STATES):
        old.get_model("letters", "Letter").objects.create(
            id=number + 1, kind="receipt", about=state, language="en", template="receipt",
            context={}, state=state, due_at=yesterday, queued_at=yesterday,
            taken_by="the old one" if state == "taken" else "",
            taken_at=at - timedelta(hours=1) if state == "taken" else None,
        )  # fmt: skip
    call_command("migrate", "letters", verbosity=0)

    found = dict(Letter.objects.values_list("about", "state"))
    others = {state: state for state in STATES if state not in ("doubt", "taken")}
    assert found == others | {"doubt": "deferred", "taken": "leaving"}
    assert dict(Letter.objects.exclude(doubts=0).values_list("about", "doubts")) == {"doubt": 1}

    doubtful = next_letter(at, "doubt")
    outbox.settle(doubtful, Letter.State.IN_DOUBT, at)
    doubtful.refresh_from_db()
    assert doubtful.state == "doubt", "it was repeated once, and is not repeated again"

    (left,) = outbox.abandoned(Turn("us", "the old one", 0), at)
    outbox.resolve(left, Evidence.UNKNOWN, at)
    left.refresh_from_db()
    assert (left.about, left.state, left.doubts) == ("taken", "queued", 1)


def next_letter(at, about):
    while letter := outbox.take_next(at, unattended_only=False):
        if letter.about == about:
            return letter
        outbox.settle(letter, Letter.State.HANDED_OVER, at)
    raise AssertionError(f"no letter about {about}")


@pytest.mark.django_db(databases=["default"])
def test_an_issue_that_is_being_sent_keeps_its_leave_links_and_no_others(tmp_path, databases):
    tell(lay_out(tmp_path / "newsroom", databases), keeps_its_leave_links)


def keeps_its_leave_links(_newsroom):
    at, shown = clock.now(), "https://leave.invalid/"
    call_command("migrate", "letters", "0007_as_sent", verbosity=0)
    old = MigrationExecutor(connection).loader.project_state(("letters", "0007_as_sent")).apps
    friday = old.get_model("letters", "Newsletter").objects.create(code="friday")
    issue = old.get_model("letters", "Issue").objects.create(
        newsletter=friday, language="en", state="sending", since=at, until=at,
        text=f"Unsubscribe: {shown}\nhttps://stranger.example/{shown} <{shown}>\n{shown}\n",
        html=f'<p>{shown}</p><a class="x" href="{shown}">Unsubscribe</a>'
        f'<a href="https://stranger.example/?u={shown}">more</a><a href="{shown}x">more</a>',
    )  # fmt: skip
    call_command("migrate", "letters", verbosity=0)

    now = Issue.objects.get(pk=issue.pk)
    own = now.leave_stand_in
    assert now.text == (f"Unsubscribe: {own}\nhttps://stranger.example/{shown} <{shown}>\n{own}\n")
    assert now.html == issue.html.replace(f'class="x" href="{shown}"', f'class="x" href="{own}"')


@pytest.mark.django_db(databases=["default"])
def test_a_test_of_an_issue_that_waits_still_tests_it(tmp_path, databases):
    tell(lay_out(tmp_path / "newsroom", databases), still_tests_it)


def still_tests_it(_newsroom):
    at = clock.now()
    call_command("migrate", "letters", "0005_approved", verbosity=0)
    old = MigrationExecutor(connection).loader.project_state(("letters", "0005_approved")).apps
    waiting = old.get_model("letters", "Letter").objects.create(
        id=1, kind="trial", about="1:1", language="en", due_at=at, queued_at=at,
        context={"subject": "Two bridges", "version": "a digest"},
    )  # fmt: skip
    call_command("migrate", "letters", verbosity=0)

    assert Letter.objects.get(pk=waiting.pk).context == {
        "subject": "Two bridges", "draft_digest": "a digest",
    }  # fmt: skip
