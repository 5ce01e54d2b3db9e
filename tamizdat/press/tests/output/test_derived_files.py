"""What the press writes and reads again is overwritten, never believed: torn, empty, or foreign."""

import json
import os
import shutil

import pytest

from tamizdat.press.models import Change
from tamizdat.press.output.manifest import BINS, INDEX
from tamizdat.press.output.tree import Tree, TreeError
from tests.links import dead_ends

GARBAGE = {
    "empty": b"",
    "torn": b'{"bins":{"01":{"sha256":"2a',
    "not UTF-8": b"\xff\xfe\x00\x80",
    "not an object": b"[1, 2]",
    "of another version": b'{"format": 99, "number": 7, "bins": {}, "paths": 3}',
    "long": b"\x00" * 100_000,
}
NUMBERED = {"index.html", "edition/index.html"}
NUMBERED |= {f"{language}/index.html" for language in ("en", "fa")}


@pytest.fixture
def paper(newsdesk):
    newsdesk.article("Verdict", topics=[newsdesk.topic("The river")])
    newsdesk.article("Bread")
    newsdesk.publish()
    return newsdesk


@pytest.fixture
def publish_after(paper, edition, own_newsroom):
    """Publish an article after some harm: the edition must be what a full build makes."""

    def publish_after():
        article = paper.article("Story of the day")
        paper.publish()
        found = edition.output_files()
        assert dead_ends(edition.files(), own_newsroom.addresses.edition) == []
        assert article.place in found
        assert same_trees(own_newsroom.edition)
        assert not Change.objects.exists()
        paper.publish(full=True)
        anew = edition.output_files()
        assert {path for path in found if anew.get(path) != found[path]} <= NUMBERED
        assert anew.keys() == found.keys()

    return publish_after


def same_trees(folder):
    a, b = (
        {str(at.relative_to(folder / tree)): at.read_bytes() for at in (folder / tree).rglob("*.*")}
        for tree in ("a", "b")
    )
    return a == b


def spoil(file, garbage):
    """Write into the place of a file, under both of its names."""
    with file.open("r+b" if file.exists() else "wb") as opened:
        opened.truncate(0)
        opened.write(garbage)


@pytest.mark.parametrize("name", ["journal.json", f"current/{INDEX}"])
def test_what_the_edition_says_of_itself_is_not_believed(
    own_newsroom, publish_after, subtests, name
):
    for what, garbage in GARBAGE.items():
        with subtests.test(garbage=what):
            spoil(own_newsroom.edition / name, garbage)

            publish_after()


def test_a_journal_leads_nowhere_else(own_newsroom, publish_after, subtests):
    for paths in (["../../outside"], ["/etc/hosts"], [7], {"a": 1}, None):
        with subtests.test(paths=paths):
            spoil(own_newsroom.edition / "journal.json", json.dumps({"paths": paths}).encode())

            publish_after()


def test_bins_of_the_manifest_are_not_believed(own_newsroom, publish_after, subtests):
    for what, garbage in GARBAGE.items():
        with subtests.test(garbage=what):
            for file in (own_newsroom.edition / "current" / BINS).iterdir():
                spoil(file, garbage)

            publish_after()


def test_a_bin_of_the_right_length_is_not_believed(own_newsroom, publish_after):
    for file in (own_newsroom.edition / "current" / BINS).iterdir():
        spoil(file, file.read_bytes().replace(b"sha256", b"sha-56"))

    publish_after()


def test_bins_that_are_gone_are_made_again(own_newsroom, publish_after):
    shutil.rmtree(own_newsroom.edition / "current" / BINS)

    publish_after()


def test_files_of_the_search_are_not_believed(own_newsroom, publish_after, subtests):
    for what, garbage in GARBAGE.items():
        with subtests.test(garbage=what):
            for file in (own_newsroom.edition / "current/en/search").rglob("*.json"):
                spoil(file, garbage)

            publish_after()


def test_a_full_build_believes_no_file_of_the_edition(paper, edition, own_newsroom):
    before = edition.output_files()
    for file in (own_newsroom.edition / "current").resolve().rglob("*"):
        if file.is_file():
            spoil(file, b"\xff garbage")

    paper.publish(full=True)

    found = edition.output_files()
    assert found.keys() == before.keys()
    assert {path for path in found if found[path] != before[path]} <= NUMBERED
    assert same_trees(own_newsroom.edition)


def resting(edition):
    return edition / ("b" if (edition / "current").readlink().name == "a" else "a")


def test_a_resting_tree_that_is_gone_is_never_what_readers_get(own_newsroom, publish_after):
    shutil.rmtree(resting(own_newsroom.edition))

    publish_after()


def test_a_resting_tree_that_is_older_is_never_what_readers_get(paper, own_newsroom, publish_after):
    old = own_newsroom.edition / "old"
    shutil.copytree(resting(own_newsroom.edition), old)
    paper.article("Later")
    paper.publish()
    shutil.rmtree(resting(own_newsroom.edition))
    old.rename(resting(own_newsroom.edition))

    publish_after()


def test_readers_get_the_tree_that_is_left(paper, own_newsroom, publish_after):
    tree = own_newsroom.edition / "current"
    shutil.rmtree(tree.resolve())

    Tree(own_newsroom.edition).recover()

    assert (tree / "en/index.html").exists()
    publish_after()


def test_a_link_that_leads_elsewhere_is_turned_back(own_newsroom, publish_after, subtests):
    link = own_newsroom.edition / "current"
    for to in ("c", "/nowhere", "../edition/a"):
        with subtests.test(to=to):
            link.unlink()
            link.symlink_to(to)

            publish_after()


def test_a_link_that_is_gone_is_made_again(own_newsroom, publish_after):
    (own_newsroom.edition / "current").unlink()

    publish_after()


def test_a_folder_of_somebody_else_is_left_alone(paper, own_newsroom):
    link = own_newsroom.edition / "current"
    link.unlink()
    link.mkdir()
    (link / "theirs").write_text("x")
    paper.article("Story of the day")

    with pytest.raises(TreeError, match="is not ours"):
        paper.publish()

    assert (link / "theirs").exists()


def test_what_the_dead_put_aside_is_swept(own_newsroom, publish_after):
    for name in (".new", ".ahead"):
        (own_newsroom.edition / name).mkdir(exist_ok=True)
        spoil(own_newsroom.edition / name / f"{os.getpid()}-1", b"garbage")

    publish_after()

    assert list((own_newsroom.edition / ".new").iterdir()) == []
