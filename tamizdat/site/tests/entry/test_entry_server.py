"""What the entry point does with the answers, and when there is too much to do."""

import os
import subprocess
import time
from contextlib import ExitStack, closing

import pytest

from tamizdat.site.entry import listening
from tamizdat.site.tests.entry.entry_example import BIG, WAITS_S
from tamizdat.site.tests.entry.raw import ask, hold, read, request, status
from tamizdat.support.tests.box import free_port, wait_for


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    folder = tmp_path_factory.mktemp("example")
    port = free_port()
    command = [
        *listening.command("127.0.0.1", port)[:-1],
        "tamizdat.site.tests.entry.entry_example:app",
    ]
    environment = os.environ | {"TAMIZDAT_TEST_SPOOL": str(folder)}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}")
            yield port, folder
        finally:
            process.terminate()
            process.wait(10)


def test_an_answer_that_is_too_long_for_memory_arrives_whole(example):
    head, _, body = ask(example[0], request("/big")).partition(b"\r\n\r\n")

    assert body == BIG
    assert head.lower().count(b"content-length: 3200000") == 1
    assert b"set-cookie: a=1" in head


def test_a_long_body_arrives_whole_and_leaves_no_file(example):
    port, folder = example

    answer = ask(port, request("/echo", method="POST", body=BIG))

    assert answer.endswith(BIG)
    assert [path.name for path in folder.iterdir()] == ["log"]


def test_a_slow_line_may_go_on_as_long_as_bytes_arrive(example):
    pieces = [b"x" * 60_000] * 5
    head = request("/echo", method="POST", length=300_000)
    begun = time.monotonic()

    answer = ask(example[0], head, *pieces, pause=0.5)

    assert time.monotonic() - begun > 2
    assert answer.endswith(b"x" * 300_000)


def test_bytes_that_only_hold_a_place_are_sent_away(example):
    head = request("/echo", method="POST", length=300_000)

    answer = ask(example[0], head, *[b"x"] * 8, pause=0.25)

    assert answer == b"" or status(answer) == 408


def test_a_request_says_to_wsgi_what_was_asked(example):
    headers = b"X-A: 1\r\nX-A: 2\r\nX_A: 3\r\nCookie: a=1\r\nCookie: b=2\r\n"

    said = ask(example[0], request("/%D1%80?q=%20", headers=headers)).decode()

    assert "('HTTP_X_A', '1,2')" in said
    assert "('HTTP_COOKIE', 'a=1; b=2')" in said
    assert "('QUERY_STRING', 'q=%20')" in said
    assert "('PATH_INFO', '/Ñ\\x80')" in said
    assert "('REMOTE_ADDR', '127.0.0.1')" in said


def test_more_bytes_at_a_time_than_there_is_room_for_are_refused(example):
    port, large, sent = example[0], 3_000_000, 2_900_000
    begun = request("/echo", method="POST", length=large) + b"x" * sent
    with closing(hold(port, begun)) as first:
        time.sleep(0.3)  # until it has arrived
        refused = ask(port, request("/echo", method="POST", body=b"x" * large))
        form = ask(port, request("/echo", method="POST", body=b"x" * 400_000))
        first.sendall(b"x" * (large - sent))
        assert status(read(first)) == 200

    assert refused == b"" or status(refused) == 503  # we close while it is still sending
    assert status(form) == 200, "forms have room of their own"
    assert status(ask(port, request("/echo", method="POST", body=b"x" * large))) == 200


def test_what_is_only_announced_takes_no_room(example):
    port = example[0]
    with ExitStack() as lines:
        for _ in range(20):
            head = request("/echo", method="POST", length=4_000_000)
            lines.enter_context(closing(hold(port, head)))

        assert status(ask(port, request("/echo", method="POST", body=b"x" * 3_000_000))) == 200


def test_more_requests_than_may_wait_are_refused_at_once(example):
    port = example[0]
    with ExitStack() as lines:
        busy = [lines.enter_context(closing(hold(port, request("/waits")))) for _ in range(2)]
        time.sleep(0.2)
        begun = time.monotonic()
        assert status(ask(port, request("/")[:-2] + b"Accept-Language: fa\r\n\r\n")) == 503
        assert time.monotonic() - begun < WAITS_S
        assert [status(read(line)) for line in busy] == [200, 200]


def test_an_error_that_django_did_not_catch_is_logged_without_its_words(example):
    port, folder = example

    answer = ask(port, request("/raises", headers=b"X-Secret: planted\r\n"))

    assert status(answer) == 500
    said = (folder / "log").read_text()
    assert "ValueError" in said
    assert "entry_example.py" in said
    assert "planted" not in said
