"""`tamizdat resetkey` says what is lost before it asks, and does nothing before a yes."""

import pytest
from click.testing import CliRunner

from tamizdat.letters.tests.conftest import key_folder, room
from tamizdat.readers.lost_letters_key import LOSSES
from tamizdat.readers.models import SealedRecord
from tamizdat.site.commands import resetkey_

__all__ = ["key_folder", "room"]
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
