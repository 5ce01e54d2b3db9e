"""The edition's two trees: all or nothing, whatever happens in the middle."""

import os
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.press.output.manifest import is_own
from tamizdat.press.output.tree import Draft, Tree, TreeError
from tamizdat.press.output.verify import faults

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PATHS = ["index.html", "en/index.html", "en/2026/11/a.html", "en/2026/11/b.html", "ru/x.html"]


def files(tree):
    """Return an edition without its manifest, path to bytes."""
    found = (file for file in tree.rglob("*") if file.is_file())
    named = {str(file.relative_to(tree)): file.read_bytes() for file in found}
    return {path: raw for path, raw in named.items() if not is_own(path)}


def publish(tree, writes, removals=()):
    tree.recover()
    tree.switch(Draft(tree.number + 1, NOON, writes, frozenset(removals)))
    tree.settle()


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path / "edition")


def test_what_is_published_is_what_readers_get(tree):
    publish(tree, {"en/index.html": b"first"})

    assert files(tree.current) == {"en/index.html": b"first"}
    assert tree.number == 1
    assert faults(tree.current) == []


def test_both_trees_are_equal_when_all_is_settled(tree):
    publish(tree, {"en/a.html": b"a", "en/b.html": b"b"})
    publish(tree, {"en/a.html": b"A"}, {"en/b.html"})

    assert files(tree.folder / "a") == files(tree.folder / "b") == {"en/a.html": b"A"}


def test_what_is_withdrawn_after_a_crash_lies_nowhere_about(tree):
    tree.recover()
    tree.switch(Draft(1, NOON, {"en/a.html": b"her name", "en/b.html": b"b"}, frozenset()))
    again = Tree(tree.folder)  # the one before died before it settled
    publish(again, {"en/b.html": b"B"}, {"en/a.html"})

    everything = [file for file in tree.folder.rglob("*") if file.is_file()]
    assert [file for file in everything if b"her name" in file.read_bytes()] == []


def test_a_file_is_stored_once_for_both_trees(tree):
    publish(tree, {"en/a.html": b"a"})

    assert (tree.folder / "a/en/a.html").samefile(tree.folder / "b/en/a.html")


def test_a_reader_in_the_middle_of_a_file_reads_it_to_its_end(tree):
    publish(tree, {"en/a.html": b"old words"})
    with (tree.current / "en/a.html").open("rb") as open_page:
        assert open_page.read(4) == b"old "
        publish(tree, {"en/a.html": b"new text that is longer"})
        publish(tree, {}, {"en/a.html"})

        assert open_page.read() == b"words"


def test_a_picture_is_linked_and_its_source_may_go(tree, tmp_path):
    picture = tmp_path / "bridge.jpg"
    picture.write_bytes(b"jpeg")
    publish(tree, {"pictures/bridge.jpg": picture})
    picture.unlink()

    assert files(tree.current) == {"pictures/bridge.jpg": b"jpeg"}
    assert faults(tree.current) == []


def test_emptied_folders_go(tree):
    publish(tree, {"en/2026/11/a.html": b"a"})
    publish(tree, {}, {"en/2026/11/a.html"})

    assert not (tree.current / "en").exists()


@pytest.mark.parametrize(
    "path", ["../evil", "/etc/passwd", "en//a", "en/./a", "", "a\0b", "edition/manifest.json"]
)
def test_no_output_file_leads_out_of_the_tree(tree, path):
    tree.recover()
    with pytest.raises(TreeError):
        tree.switch(Draft(1, NOON, {path: b""}, frozenset()))


def test_only_one_publisher_at_a_time(tree):
    with tree.locked(wait=False) as ours, tree.locked(wait=False) as theirs:
        assert (ours, theirs) == (True, False)
    with tree.locked(wait=False) as again:
        assert again


def test_a_proof_finds_what_was_tampered_with(tree):
    publish(tree, {"en/a.html": b"a", "en/b.html": b"b", "en/c.html": b"c"})
    (tree.current / "en/a.html").write_bytes(b"forged")
    (tree.current / "en/b.html").unlink()
    (tree.current / "en/d.html").write_bytes(b"planted")

    assert faults(tree.current) == [
        "en/d.html is in no bin",
        "en/a.html is not what the manifest says",
        "en/b.html is missing",
    ]


class PowerCutError(BaseException):
    """The machine stops here."""


@contextmanager
def power_cut(after):
    """Let so many calls to the file system through, then stop."""
    left = [after]
    names = ("link", "replace", "rename", "unlink", "rmdir", "mkdir", "symlink", "open", "fsync")
    real = {name: getattr(os, name) for name in names}

    def counted(name):
        def call(*args, **kwargs):
            if left[0] <= 0:
                raise PowerCutError(name)
            left[0] -= 1
            return real[name](*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(os, name, counted(name))
        yield


changes = st.dictionaries(st.sampled_from(PATHS), st.none() | st.binary(max_size=3), max_size=5)


@settings(max_examples=60)
@given(st.lists(st.tuples(changes, st.none() | st.integers(0, 60)), max_size=6))
def test_a_crash_anywhere_leaves_exactly_one_edition(story):
    """P1: current is the edition before or the edition after, whole, with its manifest."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Tree(Path(folder))
        tree.recover()
        before = {}
        for change, crash in story:
            writes = {path: raw for path, raw in change.items() if raw is not None}
            removals = change.keys() - writes.keys()
            after = {p: r for p, r in {**before, **change}.items() if r is not None}
            try:
                with power_cut(after=10_000 if crash is None else crash):
                    publish(tree, writes, removals)
            except PowerCutError:
                pass
            found = files(tree.current)
            assert found in (before, after)
            assert not (tree.current / "edition").exists() or faults(tree.current) == []
            before = found
        touched = tree.recover()
        tree.settle()
        assert files(tree.current) == before
        assert files(tree.folder / "a") == files(tree.folder / "b"), touched


def test_the_journal_is_told_until_the_books_are_settled(tree):
    tree.recover()
    tree.switch(Draft(1, NOON, {"en/a.html": b"a"}, frozenset()))

    assert "en/a.html" in tree.recover()
    tree.settle()
    assert tree.recover() == ()
