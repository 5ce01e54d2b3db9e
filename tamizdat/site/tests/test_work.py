"""`tamizdat work` as a process: what hangs, what is stopped, what is killed, what comes twice."""

import os
import signal
import time

import pytest

from tamizdat.site.tests.at_work import address_of, found, silent_relay, until
from tests.drill.people import People

SCHEDULE = (
    "from django.conf import settings; from tests.newsdesk import NewsDesk; "
    "desk = NewsDesk(settings.NEWSROOM); "
    "from tamizdat.desk.models import ArticlePage; "
    "from datetime import timedelta; "
    "page = ArticlePage(title='Held', standfirst='Until now.', section=desk.news('en'), "
    "body=[('text', '<p>It was held.</p>')], go_live_at=clock.now() + timedelta(seconds=2)); "
    "from tamizdat.desk.actions.articles import bring_in, publish; "
    "publish(bring_in(page, 'en'))"
)
WAITING = (
    "from tamizdat.press.models import Reprint; "
    "Reprint.objects.bulk_create(Reprint(job=f'front:en{n}') for n in range(200_000))"
)


@pytest.fixture
def relay():
    with silent_relay() as listener:
        yield listener


@pytest.fixture
def sheet(tmp_path, databases, relay):
    """A newsroom whose relay takes the call and says nothing."""
    made = found(tmp_path / "newsroom", databases, address_of(relay))
    try:
        yield made
    finally:
        made.stop()
        made.leave_nobody()


@pytest.fixture
def hanging(sheet, relay):
    """One whose letters hang: somebody has signed up, and the relay has taken the call."""
    sheet.start("counter")
    sheet.work()
    People(sheet).sign_up(1, "first")
    line, _ = relay.accept()
    with line:
        yield sheet


def test_a_relay_that_hangs_keeps_nothing_else_waiting(hanging):
    """Collecting, publishing on time, and the till go on; the second letter waits."""
    hanging.run("desk", SCHEDULE)
    time.sleep(2)  # until its time has come
    People(hanging, count=1).sign_up(1, "second")
    forwarded = "SELECT count(*) FROM till_cursor"

    until(lambda: hanging.desk("SELECT count(*) FROM readers_pending") == [(2,)])
    until(lambda: list(hanging.newsroom.edition.glob("current/en/**/held*.html")))
    until(lambda: hanging.rows(forwarded) == [(1,)])
    assert hanging.desk("SELECT count(*) FROM letters_letter WHERE state = 'taken'") == [(1,)]
    assert hanging.processes["work"].poll() is None


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_who_is_told_to_stop_while_a_relay_hangs_is_gone_in_time(hanging, how):
    work = hanging.processes["work"]

    work.send_signal(how)

    assert work.wait(30) == 0
    assert not (hanging.newsroom.data / "work.sock").exists()


def test_a_second_worker_is_refused_and_names_the_first(sheet):
    first = sheet.work()

    for words in (("work",), ("work", "--once")):
        second = sheet.tamizdat(*words)
        assert second.wait(60) == 1
        assert f"runs already for this newsroom (process {first.pid})" in sheet.said("work")
    assert sheet.listens()


def test_a_worker_that_was_killed_leaves_room_for_the_next(sheet):
    first = sheet.work()
    first.kill()
    first.wait()

    assert sheet.work().poll() is None


def test_one_round_says_whether_it_failed(sheet):
    assert sheet.tamizdat("work", "--once").wait(60) == 0

    sheet.databases.change("till", sheet.folder, "DROP TABLE till_cursor")

    assert sheet.tamizdat("work", "--once").wait(60) == 1


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_it_prints_behind_the_scenes_ends_with_it(sheet, how):
    """Even if that hangs, so that it does not end by itself."""
    sheet.run("desk", WAITING)
    work = sheet.work()
    behind = until(lambda: sheet.running(" build"))
    for process in behind:
        os.kill(process, signal.SIGSTOP)

    work.send_signal(how)
    work.wait(30)

    until(lambda: not sheet.everybody())
    assert sheet.desk("SELECT count(*) FROM press_reprint")[0][0] > 0
