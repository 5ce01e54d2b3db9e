"""A record that is being answered can change meanwhile, or cannot be sealed anew."""

from datetime import timedelta

import pytest

from tamizdat.letters.delivery import deliver_due, sealed_records
from tamizdat.letters.tests.conftest import NOON
from tamizdat.letters.tests.delivery.test_sealed_records import SHOWN, keep, one_kind_of_wish
from tamizdat.readers.models import SealedRecord, Unanswered
from tamizdat.readers.sealed_records import store, wishes
from tamizdat.readers.sealed_records.wishes import Answer, Reply

__all__ = ["keep", "one_kind_of_wish"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])


class TestAButtonThatIsPressedDuringALook:
    """A handler may ask the till for seconds. Meanwhile the owner of the mailbox decides."""

    @pytest.fixture
    def press(self):
        """Let a button be pressed while a letter is being decided on, the first time."""

        def press(button, row, keep):
            pressed = []

            def handler(wish, _others, _at):
                if not pressed:
                    pressed.append(button(row.reply))
                elif wish.again:
                    return Answer(keep={**wish.details, "again": True})
                return Answer((Reply("reminder", SHOWN),), keep=keep)

            wishes.register("wish", handler)

        return press

    @pytest.mark.parametrize("at_once", [False, True], ids=["by the reader key", "at once"])
    @pytest.mark.parametrize("remains", [None, {"sent": 1}])
    def test_no_letter_goes_once_it_ended_the_wish(
        self, keep, press, unlocked, mailbox, remains, at_once
    ):
        press(store.forget_by_reply, keep(at_once=at_once), remains)

        for minute in range(3):
            sealed_records.look(NOON + timedelta(minutes=minute))
            deliver_due(NOON)

        assert mailbox.letters() == []
        assert not SealedRecord.objects.exists()
        assert not Unanswered.objects.exists(), "a letter that did not go was counted"

    @pytest.mark.parametrize("remains", [None, {"sent": 1}])
    def test_a_wish_for_one_more_is_not_lost(self, keep, press, unlocked, mailbox, remains):
        press(store.ask_again, keep(), remains)
        seen = []

        sealed_records.look(NOON)
        assert SealedRecord.objects.get().again
        sealed_records.look(NOON + timedelta(minutes=1))
        wishes.register("wish", lambda wish, *_: seen.append(wish) or Answer(keep=wish.details))
        sealed_records.look(NOON + timedelta(days=1))

        assert seen[0].details == {"again": True}
        deliver_due(NOON)
        assert mailbox.letters() == []


def test_what_has_become_too_long_to_be_sealed_ends_with_its_time(keep, unlocked):
    long = {"text": "x" * 7000}
    over = NOON + timedelta(days=40)
    wishes.register(
        "wish", lambda *_: Answer(keep=long), over=lambda _, today: today >= over.date()
    )
    keep()

    sealed_records.look(NOON)
    assert SealedRecord.objects.exists()
    sealed_records.look(over)
    assert not SealedRecord.objects.exists()
