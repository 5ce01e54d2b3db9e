"""The manifest: what it lists, and that it costs what changed."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamizdat.press.output import manifest
from tamizdat.press.output.manifest import ManifestError, entry, revise

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def publish(files, written, removed=(), number=1):
    entries = {path: entry(raw) for path, raw in written.items()}
    for path, raw in revise(files.get, entries, removed, number, NOON).items():
        files[path] = raw
        if raw is None:
            del files[path]
    return files


def listed(files):
    index = manifest.read_index(files[manifest.INDEX])
    return {
        path: said
        for name in index.bins
        for path, said in manifest.read_bin(files[manifest.bin_path(name)]).items()
    }


def test_a_first_edition_lists_what_it_holds():
    files = publish({}, {"en/index.html": b"front", "fa/index.html": "صفحه".encode()})

    assert listed(files) == {
        "en/index.html": entry(b"front"),
        "fa/index.html": entry("صفحه".encode()),
    }
    assert manifest.read_index(files[manifest.INDEX]).published == "2026-11-20T12:00:00Z"


def test_a_changed_file_rewrites_its_own_bin_only():
    files = publish({}, {f"en/{i}.html": b"text" for i in range(500)})
    before = dict(files)

    publish(files, {"en/7.html": b"corrected"}, number=2)

    changed = {path for path in files if files[path] != before.get(path)}
    assert changed == {manifest.INDEX, manifest.bin_path(manifest.bin_of("en/7.html"))}


def test_the_same_files_make_the_same_manifest_whatever_came_before():
    long_way = publish({}, {"a.html": b"1", "gone.html": b"2"})
    publish(long_way, {"a.html": b"3"}, {"gone.html"}, number=2)

    assert long_way == publish({}, {"a.html": b"3"}, number=2)


# Bins with paths of the first letters are spliced; the others hold what keeps a bin from it.
LETTERS = ["ab/.-{:", "a b", "a!b", "a},", "ab !\\é中\x7f"]


def paths_of(letters):
    return st.lists(st.text(letters, min_size=1, max_size=4), unique=True, min_size=2, max_size=9)


PATHS = st.sampled_from(LETTERS).flatmap(paths_of)


@settings(max_examples=400)
@given(PATHS, st.data())
def test_however_a_bin_came_about_it_is_the_same_json(paths, drawn):
    """A bin that is spliced is the one that would have been read and written."""
    steps = [drawn.draw(st.sets(st.sampled_from(paths))) for _ in range(5)]
    files: dict[str, bytes] = {}
    there: dict[str, bytes] = {}
    with mock.patch.object(manifest, "bin_of", return_value="00"):
        for number, step in enumerate(steps):
            going = {path for path in step if path in there and number % 2}
            coming = {path: bytes([number]) for path in step - going}
            publish(files, coming, going, number)
            there = {path: raw for path, raw in there.items() if path not in going} | coming
            said = {
                path: {"sha256": sha256(raw).hexdigest(), "size": 1} for path, raw in there.items()
            }
            whole = json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"
            assert files.get(manifest.bin_path("00")) == (whole if there else None)


@pytest.mark.parametrize("torn", [b'{"a.html":', b"[]", b"\0", b'{"a.html":1};'])
def test_a_torn_bin_is_an_error(torn):
    files = publish({}, {"a.html": b"1"})
    files[manifest.bin_path(manifest.bin_of("a.html"))] = torn

    with pytest.raises(ManifestError):
        publish(files, {"a.html": b"2"})


def test_removing_what_never_was_changes_nothing_but_the_number():
    files = publish({}, {"a.html": b"1"})

    assert listed(publish(files, {}, {"never.html"}, number=2)) == {"a.html": entry(b"1")}
    assert manifest.read_index(files[manifest.INDEX]).number == 2


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"[1, 2]", id="a list"),
        pytest.param(b'{"format":1}', id="half of it"),
        pytest.param(b'{"format":2,"number":1,"published":"","bins":{}}', id="a later format"),
    ],
)
def test_what_is_no_index_is_refused(raw):
    with pytest.raises(ManifestError):
        manifest.read_index(raw)


def test_what_is_no_bin_is_refused():
    with pytest.raises(ManifestError):
        manifest.read_bin(b'{"en/index.html": 5}')
