"""Root leaves a newsroom to its own user, who could not change what root writes there."""

import os
import shutil
import subprocess
import sys

import pytest

OTHER = 65534  # nobody(8)
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """A newsroom whose folder belongs to another user."""
    folder = tmp_path_factory.mktemp("theirs")
    shutil.copy(f"{os.environ['TAMIZDAT_NEWSROOM']}/tamizdat.toml", folder)
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, OTHER, OTHER, follow_symlinks=False)
    return folder


def run(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "tamizdat.site", "--newsroom", str(folder), *words],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [("doctor",), ("doctor", "--json"), ("work", "--once"), ("build",), ("serve",), ("clock",)],
    ids=" ".join,
)
def test_root_is_told_to_run_it_as_the_newsroom_s_user_and_leaves_no_file(theirs, words):
    before = sorted(theirs.rglob("*"))
    done = run(theirs, *words)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {theirs} belongs to nobody.")
    assert "Run the same as that user: sudo -u 'nobody' " in done.stderr
    assert sorted(theirs.rglob("*")) == before


@pytest.mark.parametrize(
    "words", [("unit", "--port", "8000"), ("webserver", "nginx")], ids=" ".join
)
def test_what_root_installs_is_printed_and_leaves_no_file(theirs, words):
    before = sorted(theirs.rglob("*"))
    done = run(theirs, *words)

    assert done.returncode == 0, done.stderr
    assert str(theirs) in done.stdout
    assert sorted(theirs.rglob("*")) == before
