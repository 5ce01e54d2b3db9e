"""The edition's front, asked by HTTP as any reader would ask it."""

import gzip
import http.client
import os
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from threading import Event

import brotli
import pytest

from tamizdat.press.output.tree import Draft, Tree
from tamizdat.press.server import command
from tamizdat.press.server.file_cache import FileCache, safe
from tamizdat.press.server.media_types import type_of
from tests.free_ports import free_port

PAGE = b"<!doctype html><title>Front</title>" + b"<p>Words of the front page.</p>" * 50
PICTURE = bytes(range(256)) * 8
LARGE = bytes(range(251)) * 4000  # is sent from the disk


PORT = free_port()


def publish(tree, writes, removals=()):
    tree.recover()
    now = datetime(2026, 11, 20, tzinfo=UTC)
    tree.switch(Draft(tree.number + 1, now, writes, frozenset(removals)))
    tree.settle()


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    tree = Tree(tmp_path_factory.mktemp("edition"))
    publish(
        tree,
        {
            "index.html": PAGE,
            "404.html": b"Not found in English",
            "en/index.html": PAGE,
            "en/404.html": b"Not found in English",
            "fa/404.html": "پیدا نشد".encode(),
            "en/feed.rss.xml": b"<rss/>",
            "pictures/quay-800.jpg": PICTURE,
            "pictures/quay-1600.jpg": LARGE,
            "en/book.epub": LARGE,
        },
    )
    (tree.folder / "secret.txt").write_text("outside the edition")
    return tree


@pytest.fixture(scope="module")
def served(tree):
    environment = os.environ | {"TAMIZDAT_EDITION": str(tree.folder)}
    server = subprocess.Popen(command.command("127.0.0.1", PORT), env=environment)
    try:
        _wait(server)
        yield
    finally:
        server.terminate()
        server.wait(10)


def _wait(server):
    for _ in range(600):
        with suppress(OSError):
            ask("/")
            return
        assert server.poll() is None, "the front did not start"
        time.sleep(0.1)


def ask(path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in named.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def test_a_folder_answers_with_its_own_page(served):
    assert ask("/")[2] == ask("/index.html")[2] == ask("/en/")[2] == PAGE


def test_a_folder_without_its_slash_leads_on(served):
    status, headers, _ = ask("/en")

    assert (status, headers["location"]) == (308, "./en/")


def test_every_answer_is_guarded_and_none_sets_a_cookie(served):
    for path in ("/", "/en", "/nothing", "/pictures/quay-800.jpg"):
        _, headers, _ = ask(path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["access-control-allow-origin"] == "*"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "set-cookie" not in headers


def test_pages_are_asked_about_each_time_and_pictures_never_again(served):
    assert ask("/")[1]["cache-control"] == "no-cache"
    assert "immutable" in ask("/pictures/quay-800.jpg")[1]["cache-control"]


def test_who_has_it_already_gets_no_bytes(served):
    _, headers, _ = ask("/", accept_encoding="br")

    status, again, body = ask("/", accept_encoding="br", if_none_match=headers["etag"])

    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert ask("/", accept_encoding="br", if_none_match=f'W/"x", W/{headers["etag"]}')[0] == 304
    assert ask("/", accept_encoding="br", if_none_match="*")[0] == 304
    assert ask("/", if_none_match=headers["etag"])[0] == 200


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        pytest.param("gzip, deflate, br", "br", brotli.decompress, id="a browser of today"),
        pytest.param("gzip", "gzip", gzip.decompress, id="an old one"),
        pytest.param("br;q=0, gzip;q=0.5", "gzip", gzip.decompress, id="brotli refused"),
        pytest.param("identity", None, bytes, id="nothing packed"),
    ],
)
def test_texts_come_packed(served, accepted, coding, unpack):
    _, headers, body = ask("/", accept_encoding=accepted)

    assert headers.get("content-encoding") == coding
    assert headers["vary"] == "accept-encoding"
    assert unpack(body) == PAGE


@pytest.mark.parametrize(
    ("asked", "status", "said", "body"),
    [
        pytest.param("bytes=0-9", 206, "bytes 0-9/2048", PICTURE[:10], id="the beginning"),
        pytest.param("bytes=2040-", 206, "bytes 2040-2047/2048", PICTURE[2040:], id="the rest"),
        pytest.param("bytes=-8", 206, "bytes 2040-2047/2048", PICTURE[-8:], id="the end"),
        pytest.param("bytes=2000-9999", 206, "bytes 2000-2047/2048", PICTURE[2000:], id="too far"),
        pytest.param("bytes=2048-", 416, "bytes */2048", b"", id="behind the end"),
        pytest.param("bytes=-0", 416, "bytes */2048", b"", id="nothing at all"),
        pytest.param("bytes=0-1,5-6", 200, None, PICTURE, id="several: the whole"),
        pytest.param("lines=1-2", 200, None, PICTURE, id="no bytes: the whole"),
        pytest.param(f"bytes=0-{'9' * 5000}", 200, None, PICTURE, id="no number: the whole"),
        pytest.param("bytes=-", 200, None, PICTURE, id="nonsense: the whole"),
    ],
)
def test_ranges(served, asked, status, said, body):
    answer, headers, content = ask("/pictures/quay-800.jpg", range=asked)

    assert (answer, headers.get("content-range"), content) == (status, said, body)


def test_a_range_of_another_version_is_refused(served):
    answer, _, content = ask("/pictures/quay-800.jpg", range="bytes=0-9", if_range='"old"')

    assert (answer, content) == (200, PICTURE)


def test_head_says_the_same_without_the_body(served):
    status, headers, body = ask("/", "HEAD")

    assert (status, body) == (200, b"")
    assert headers["content-length"] == str(len(PAGE))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_can_be_written(served, method):
    status, headers, _ = ask("/", method)

    assert (status, headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/en/nothing.html", b"Not found in English"),
        ("/fa/nothing/deeper", "پیدا نشد".encode()),
        ("/xx/nothing", b"Not found in English"),
    ],
)
def test_what_is_not_there_is_said_in_the_readers_language(served, path, page):
    status, headers, body = ask(path)

    assert (status, body, headers["content-type"]) == (404, page, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/en/../../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/en/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//secret.txt",
        "/./secret.txt",
        "/en/%00",
        "/%ff%fe",
        "/.lock",
    ],
)
def test_no_way_leads_out_of_the_edition(served, path):
    status, _, body = ask(path)

    assert status == 404
    assert b"outside" not in body


def test_a_page_is_packed_tightly_when_it_is_asked_for_again(served):
    _, quickly, first = ask("/en/", accept_encoding="br")
    tightly, packed = eventually(
        lambda: ask("/en/", accept_encoding="br")[1:], lambda got: got[1] != first
    )

    assert brotli.decompress(packed) == PAGE
    assert tightly["etag"] != quickly["etag"], "other bytes have another ETag"
    assert ask("/en/", accept_encoding="br", if_none_match=quickly["etag"])[0] == 304


def test_however_many_ask_a_page_is_packed_once_quickly_and_once_tightly(tree):
    file = FileCache(tree.folder).file("index.html")
    asked = [file.representation("br") for _ in range(100)]
    eventually(lambda: file.representation("br"), lambda form: form is not asked[0])
    asked += [file.representation("br") for _ in range(100)]

    assert len({id(form) for form in asked}) == 2


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        pytest.param({}, 200, LARGE, id="the whole"),
        pytest.param({"range": "bytes=70000-70009"}, 206, LARGE[70000:70010], id="the middle"),
        pytest.param({"range": "bytes=-5"}, 206, LARGE[-5:], id="the end"),
        pytest.param({"range": "bytes=9000000-"}, 416, b"", id="behind the end"),
    ],
)
def test_what_is_large_comes_from_the_disk(served, asked, status, body):
    answer, headers, content = ask("/en/book.epub", **asked)

    assert (answer, content, headers["content-length"]) == (status, body, str(len(body)))
    assert ask("/en/book.epub", "HEAD")[1]["content-length"] == str(len(LARGE))
    assert ask("/en/book.epub", if_none_match=ask("/en/book.epub")[1]["etag"])[0] == 304


def test_who_reads_slowly_delays_nobody(served):
    """Two hundred who ask for much and take none of it, and one whose question never ends."""
    with ExitStack() as idle:
        for _ in range(200):
            slow = idle.enter_context(socket.create_connection(("127.0.0.1", PORT)))
            slow.sendall(b"GET /pictures/quay-1600.jpg HTTP/1.1\r\nHost: x\r\n\r\n")
        stuck = idle.enter_context(socket.create_connection(("127.0.0.1", PORT)))
        stuck.sendall(b"GET / HTTP/1.1\r\nHost: ")

        assert [ask("/en/")[2] for _ in range(20)] == [PAGE] * 20


def test_a_new_edition_is_served_within_a_moment(tree, served):
    before = ask("/en/")[1]["etag"]
    publish(tree, {"en/index.html": PAGE + b"new"})

    status, body = eventually(
        lambda: ask("/en/", if_none_match=before)[::2], lambda got: got[0] == 200
    )

    assert (status, body) == (200, PAGE + b"new")
    publish(tree, {"en/index.html": PAGE})


def test_readers_never_see_a_torn_or_an_older_page_while_editions_turn(tree, served):
    """Each edition's pages are filled with its number, and each of both lengths."""

    def pages(number):
        return {
            f"en/page-{which}.html": b"%06d" % number * (1_000 if which == number % 2 else 20_000)
            for which in (0, 1)
        }

    publish(tree, pages(0))
    with ThreadPoolExecutor() as readers:
        stop = Event()
        repository = [readers.submit(read_until_stopped, stop) for _ in range(4)]
        for number in range(1, 60):
            publish(tree, pages(number))
        stop.set()
        for each in repository:
            assert each.result() > 10


def read_until_stopped(stop):
    """Return how many pages were read; one after the other, each whole and none older."""
    newest, read = 0, 0
    while not stop.is_set():
        for page in ("/en/page-0.html", "/en/page-1.html"):
            status, headers, body = ask(page)
            number, length = int(body[:6]), len(body)
            assert (status, body) == (200, b"%06d" % number * (length // 6))
            assert headers["content-length"] == str(length)
            assert length == 6 * (1_000 if int(page[9]) == number % 2 else 20_000)
            assert number >= newest, "an older edition came after a newer one"
            newest, read = number, read + 1
    return read


def eventually(ask_, is_wanted):
    """Return the first answer that is wanted, within ten seconds."""
    until = time.monotonic() + 10
    while not is_wanted(got := ask_()) and time.monotonic() < until:
        time.sleep(0.01)
    return got


@pytest.mark.parametrize(
    ("path", "type_"),
    [
        ("en/index.html", "text/html; charset=utf-8"),
        ("en/feed.rss.xml", "application/rss+xml; charset=utf-8"),
        ("en/feed.json", "application/feed+json"),
        ("sitemap.xml", "application/xml"),
        ("pictures/x-320.avif", "image/avif"),
        ("strange", "application/octet-stream"),
    ],
)
def test_types_go_by_the_name(path, type_):
    assert type_of(path) == type_


@pytest.mark.parametrize("path", ["", "a//b", "../a", "a/..", ".git/x", "a\\b", "a\0"])
def test_unsafe_paths(path):
    assert not safe(path)
