"""The work process hears at once, and only from its own."""

import stat
from dataclasses import replace

import pytest

from tamizdat.lib import wake


@pytest.fixture
def room(newsroom, tmp_path):
    deep = tmp_path / ("a-long-name-" * 12)
    (deep / "data").mkdir(parents=True)
    return replace(newsroom, folder=deep)


@pytest.fixture
def heard(room):
    said = []

    def answer(word, secret):
        said.append((word, bytes(secret)))
        return f"heard {word}"

    with wake.Wakes(room, answer) as wakes:
        yield wakes, said


def test_a_wake_up_ends_the_wait(room, heard):
    wakes, said = heard

    assert wake.wake(room, "publish")
    assert wakes.wait(30)
    assert said == [("publish", b"")]


def test_a_wake_up_during_work_is_not_lost_and_counts_once(room, heard):
    wakes, _ = heard

    wake.wake(room, "publish")
    wake.wake(room, "letters")

    assert wakes.wait(30)
    assert not wakes.wait(0)


def test_a_question_is_answered(room, heard):
    _, said = heard

    assert wake.ask(room, "unlock", b"open\nsesame") == "heard unlock"
    assert said == [("unlock", b"open\nsesame")]


def test_waking_nobody_is_no_error_but_asking_is(room):
    assert not wake.wake(room, "publish")
    with pytest.raises(wake.NobodyListensError):
        wake.ask(room, "unlock")


def test_the_socket_is_for_its_owner_only_and_goes_with_the_process(room, heard):
    assert stat.S_IMODE((room.data / wake.NAME).stat().st_mode) == 0o600

    heard[0].__exit__()

    assert not (room.data / wake.NAME).exists()


def test_a_socket_left_by_a_killed_process_is_taken_over(room):
    (room.data / wake.NAME).write_text("left over")

    with wake.Wakes(room, lambda _word, _secret: "new"):
        assert wake.ask(room, "status") == "new"


def test_an_empty_call_does_not_stop_the_listening(room, heard):
    wake.ask(room, "")

    assert wake.ask(room, "status") == "heard status"
