"""`tamizdat work` as a process: what hangs, what is stopped, what is killed, what comes twice."""

import os
import signal
import time

import pytest

from tamizdat.site.tests.at_work import address_of, found, silent_relay, until
from tests.drill.people import People
from tests.in_turn import CODE, in_turn

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
OFFER = (  # what the work process publishes to the counter: without it the form offers nothing
    "from tamizdat.letters.models import Newsletter, NewsletterText; "
    "friday = Newsletter.objects.create(code='friday', weekday=4); "
    "NewsletterText.objects.create(newsletter=friday, language='en', name='The Friday Scales', "
    "about='The week.', frequency='every Friday')"
)
WAITING = (  # a process prints behind the scenes for minutes
    "INSERT INTO press_rerenderjob (job) WITH RECURSIVE n (i) AS "
    "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT 'front:en' || i FROM n"
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


def test_a_relay_that_hangs_keeps_nothing_else_waiting(sheet, relay):
    """Collecting, publishing on time, and the till go on; the second letter waits.

    And who is told to stop meanwhile is gone in time; lib/tests has all signals that say so.
    """
    sheet.start("counter")
    sheet.run("desk", OFFER)
    work = sheet.work()
    People(sheet).sign_up(1, "first")
    line, _ = relay.accept()
    with line:
        sheet.run("desk", SCHEDULE)
        time.sleep(2)  # until its time has come
        People(sheet, count=1).sign_up(1, "second")
        forwarded = "SELECT count(*) FROM till_cursor"

        until(lambda: sheet.desk("SELECT count(*) FROM readers_pending") == [(2,)])
        until(lambda: list(sheet.newsroom.edition.glob("current/en/**/held*.html")))
        until(lambda: sheet.rows(forwarded) == [(1,)])
        assert sheet.desk("SELECT count(*) FROM letters_letter WHERE state = 'taken'") == [(1,)]
        assert work.poll() is None

        work.terminate()

        assert work.wait(30) == 0
        assert not (sheet.newsroom.data / "work.sock").exists()


def test_a_second_worker_is_refused_until_the_first_is_gone(sheet):
    first = sheet.work()

    words = (("work",), ("work", "--once"))
    for second in in_turn(sheet.folder, *words, env=sheet.environment("desk")):
        assert second.returncode == 1
        assert f"runs already for this newsroom (process {first.pid})" in second.stderr
    assert sheet.listens()

    first.kill()
    first.wait()
    assert sheet.work().poll() is None


LOSE_THE_BOOKS = """
from django.db import connections
with connections["till"].cursor() as cursor:
    cursor.execute("DROP TABLE till_cursor")
"""


def test_one_round_says_whether_it_failed(sheet):
    once = ("work", "--once")

    done = in_turn(sheet.folder, once, (CODE, LOSE_THE_BOOKS), once, env=sheet.environment("desk"))

    assert [each.returncode for each in done] == [0, 0, 1], done


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_what_it_prints_behind_the_scenes_ends_with_it(sheet, how):
    """Even if that hangs, so that it does not end by itself."""
    sheet.databases.change("default", sheet.folder, WAITING)
    work = sheet.work()
    behind = until(lambda: sheet.running(" build"))
    for process in behind:
        os.kill(process, signal.SIGSTOP)

    work.send_signal(how)
    work.wait(30)

    until(lambda: not sheet.everybody())
    assert sheet.desk("SELECT count(*) FROM press_rerenderjob")[0][0] > 0
