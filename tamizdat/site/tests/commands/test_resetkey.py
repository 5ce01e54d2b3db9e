"""`tamizdat resetkey` says what is lost before it asks, and does nothing before a yes."""

import pytest
from click.testing import CliRunner

from tamizdat.letters.tests.conftest import NOON, key_folder, room, subscribe
from tamizdat.readers import actions
from tamizdat.readers.lost_letters_key import LOSSES
from tamizdat.readers.models import SealedRecord, Subscription
from tamizdat.site.commands import resetkey_

__all__ = ["key_folder", "room", "subscribe"]
pytestmark = pytest.mark.django_db(databases=["default", "counter"])


@pytest.fixture
def run(room, monkeypatch):
    """Run the command in a newsroom without letters.key, with three sealed records."""
    (room.keys / "letters.key").unlink()
    for n in range(3):
        SealedRecord.objects.create(sealed=b"sealed", reply=f"{n}")
    monkeypatch.setattr(resetkey_, "boot_up_to_date", lambda _folder: room)
    return lambda *words, said="": CliRunner().invoke(resetkey_.command, words, input=said)


@pytest.mark.parametrize("said", ["n\n", ""], ids=["no", "nobody answers"])
def test_without_a_yes_it_says_what_would_be_lost_and_does_nothing(room, run, said):
    answer = run(said=said)

    assert answer.exit_code == 1
    assert "3 records are sealed here" in answer.output
    assert all(loss in answer.output for loss in LOSSES)
    assert not (room.keys / "letters.key").exists()
    assert set(SealedRecord.objects.values_list("reply", flat=True)) == {"0", "1", "2"}


@pytest.mark.parametrize(("words", "said"), [([], "y\n"), (["--yes"], "")])
def test_with_a_yes_it_says_so_and_makes_one(room, run, words, said):
    answer = run(*words, said=said)

    assert answer.exit_code == 0
    assert all(loss in answer.output for loss in LOSSES)
    assert (room.keys / "letters.key").exists()
    assert not SealedRecord.objects.filter(older=True).exists()


def test_the_second_one_says_whose_older_letters_it_breaks(room, run, subscribe):
    """A subscription keeps one former link. By those from before that nobody leaves any more."""
    broken = "1 subscriptions do not end by letters from before the last `tamizdat resetkey`"
    run("--yes")
    subscribe("ada@example.org")
    oldest = Subscription.objects.get().leave_token

    told = []
    for _ in range(2):
        (room.keys / "letters.key").unlink()
        told.append(run("--yes").output)

    assert [broken in each for each in told] == [False, True]
    assert not actions.leave(oldest, NOON.date())
