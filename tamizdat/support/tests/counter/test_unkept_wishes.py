"""A receipt that the counter could not keep costs its giver no wish."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tamizdat.readers.counter.published import write
from tamizdat.readers.tests.room import told
from tamizdat.support.tests.counter.test_giving import give, wishes_of
from tamizdat.support.till_client import Till


@contextmanager
def nothing_can_be_kept(box) -> Iterator[None]:
    def rename(one, other):
        sql = f"ALTER TABLE {one} RENAME TO {other}"
        box.databases.change("counter", box.folder, sql)

    rename("counter_envelope", "moved_away")
    try:
        yield
    finally:
        rename("moved_away", "counter_envelope")


@pytest.fixture
def press(box):
    """Ask for a receipt of one contribution, and return the status of the answer."""

    def pressed(address="reader@example.org"):
        box.move()
        answer = box.post(
            f"{box.newsroom.addresses.counter}/en/receipt/{pressed.token}", address=address
        )
        if answer.status == 503:
            assert "Nothing was kept" in answer.text
        return answer.status

    pressed.token = give(box)
    return pressed


def kept(box, press):
    return [wish["wish"] for wish in wishes_of(box, press.token)]


@pytest.mark.parametrize("days", [0, 1])
@pytest.mark.parametrize("failed", [1, 3])
def test_who_reads_that_nothing_was_kept_asks_again(box, press, failed, days):
    with nothing_can_be_kept(box):
        assert [press() for _ in range(failed)] == [503] * failed
    box.forward(days)

    assert [press() for _ in range(3)] == [200, 200, 422], "one wish, and one correction"
    assert kept(box, press) == [1, 2]


def test_a_correction_that_was_not_kept_is_made_again(box, press):
    assert press() == 200
    with nothing_can_be_kept(box):
        assert [press(), press()] == [503, 503]

    assert [press("reader@example.net") for _ in range(2)] == [200, 422]
    assert kept(box, press) == [1, 2]


def test_who_presses_twice_at_once_in_vain_asks_again(box, press):
    with nothing_can_be_kept(box), ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(lambda _: press(), range(4)))
    assert codes <= {503, 422}
    box.forward(1)

    assert press() == 200
    assert kept(box, press) == [1]


@pytest.fixture
def lost_answers(monkeypatch):
    """Lose the till's answer to each wish: it noted it, and the counter does not hear of it."""
    really = Till._exchange

    def exchange(till, path, body, headers):
        answer = really(till, path, body, headers)
        if path == "/wish":
            raise TimeoutError
        return answer

    with monkeypatch.context() as lost:
        lost.setattr(Till, "_exchange", exchange)
        yield lost.undo


@pytest.mark.django_db(databases=["default", "counter"])
@pytest.mark.parametrize("failed", [1, 3])
def test_a_wish_whose_answer_was_lost_is_made_again(box, client, settings, lost_answers, failed):
    """The counter is in this process, the till is the box's."""
    settings.NEWSROOM, settings.ROOT_URLCONF = box.newsroom, "tamizdat.site.urls.counter"
    settings.MIDDLEWARE = []
    for name, text in told(box.newsroom).items():
        write(name, json.loads(text))
    form, said = f"/en/receipt/{give(box)}", {"address": "reader@example.org"}

    lost = [client.post(form, said).status_code for _ in range(failed)]
    lost_answers()

    assert lost == [503] * failed
    assert [client.post(form, said).status_code for _ in range(3)] == [200, 200, 422]
