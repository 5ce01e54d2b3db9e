"""What the edition's front holds in memory, and which files it holds open."""

import errno
import os
import time
from pathlib import Path

import pytest

from tamizdat.press.output.tree import Tree
from tamizdat.press.server.file_cache import LOOK_S, FileCache
from tamizdat.press.server.responses import respond
from tamizdat.press.tests.server.test_app import LARGE, PAGE, PICTURE, publish


@pytest.fixture
def tree(tmp_path):
    tree = Tree(tmp_path / "edition")
    pages = {"index.html": PAGE, "en/index.html": PAGE, "pictures/quay-800.jpg": PICTURE}
    publish(tree, pages | {f"en/large-{number}.epub": LARGE for number in range(6)})
    return tree


def test_before_the_first_edition_it_says_so(tmp_path):
    answer = respond(FileCache(tmp_path), "GET", "/", {})

    assert (answer.status, dict(answer.headers)["retry-after"]) == (503, "60")


def test_memory_has_a_bound(tree):
    cache = FileCache(tree.folder, room=18_000)
    for _ in range(3):
        for path in ("index.html", "en/index.html", "pictures/quay-800.jpg"):
            assert cache.file(path).content in (PAGE, PICTURE)
    assert cache._held <= 18_000
    assert len(cache._files) == 2


def test_few_files_are_open_at_once_and_none_is_closed_too_early(tree):
    cache = FileCache(tree.folder, descriptors=2, waiting=2)
    handed = [answer(cache, number).part.hand() for number in range(4)]

    assert all(os.fstat(each).st_size == len(LARGE) for each in handed)
    assert answer(cache, 4).status == 503


@pytest.mark.parametrize("asking", ["HEAD", "if-none-match"])
def test_who_asks_for_no_bytes_takes_no_file_from_others(tree, asking):
    cache = FileCache(tree.folder, descriptors=2, waiting=1)
    before = open_files()
    for number in range(5):
        said = answer(cache, number, *(("HEAD",) if asking == "HEAD" else ("GET", {asking: "*"})))
        assert said.status in (200, 304)

    assert open_files() - before == 2
    assert answer(cache, 5).status == 200


def test_a_withdrawn_file_is_not_kept_open(tree):
    cache = FileCache(tree.folder)
    before = open_files()
    assert cache.file("en/large-0.epub") is not None
    publish(tree, {}, ["en/large-0.epub"])
    time.sleep(2 * LOOK_S)
    cache.file("index.html")

    assert open_files() == before


def test_a_server_with_no_file_to_spare_does_not_say_that_there_is_no_page(tree, monkeypatch):
    cache = FileCache(tree.folder)
    monkeypatch.setattr(os, "open", out_of_files)

    assert respond(cache, "GET", "/index.html", {}).status == 503


def answer(cache, number, method="GET", headers=()):
    return respond(cache, method, f"/en/large-{number}.epub", dict(headers))


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def out_of_files(*_named):
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
