"""Root leaves a newsroom to its own user, who could not change what root writes there."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

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
    assert f"sudo -u 'nobody' {sys.executable} -m tamizdat.site …" in done.stderr
    assert sorted(theirs.rglob("*")) == before


@pytest.mark.parametrize("words", [("demo", "--folder"), ("init", "--yes", "--name", "A")])
@pytest.mark.parametrize("holds", [(), ("tamizdat.toml",)], ids=["empty", "full"])
def test_root_makes_no_newsroom_of_its_own_of_a_folder_of_somebody_else(
    theirs, tmp_path, words, holds
):
    folder = tmp_path / "theirs"
    folder.mkdir()
    for name in holds:
        text = (theirs / name).read_text()
        is_demo = "demonstration = true\n[addresses]"
        (folder / name).write_text(text.replace("[addresses]", is_demo, 1))
    os.chown(folder, OTHER, OTHER)
    inode = folder.stat().st_ino

    done = run(theirs, *words, str(folder))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {folder} belongs to nobody.")
    assert (folder.stat().st_ino, folder.stat().st_uid) == (inode, OTHER)
    assert sorted(path.name for path in folder.iterdir()) == sorted(holds)


@pytest.mark.parametrize(
    "words", [("unit", "--port", "8000"), ("webserver", "nginx")], ids=" ".join
)
def test_what_root_installs_is_printed_and_leaves_no_file(theirs, words):
    before = sorted(theirs.rglob("*"))
    done = run(theirs, *words)

    assert done.returncode == 0, done.stderr
    assert str(theirs) in done.stdout
    assert sorted(theirs.rglob("*")) == before


AS_ANOTHER = f"""
import os
import sys
from importlib import import_module

import tamizdat.site.command

for name in ("serve", "doctor", "work"):  # the interpreter itself may be closed to others
    import_module(f"tamizdat.site.commands.{{name}}_")
os.seteuid({OTHER})
tamizdat.site.command.main()
"""


@pytest.fixture
def restored():
    """A newsroom's folder that root put back from a backup."""
    with tempfile.TemporaryDirectory() as parent:  # pytest's own are closed to others
        Path(parent).chmod(0o755)
        folder = Path(parent).resolve() / "restored"
        folder.mkdir(mode=0o700)
        shutil.copy(f"{os.environ['TAMIZDAT_NEWSROOM']}/tamizdat.toml", folder)
        (folder / "tamizdat.toml").chmod(0o600)
        yield folder


@pytest.mark.parametrize("words", [("serve",), ("doctor",), ("work", "--once")], ids=" ".join)
@pytest.mark.parametrize("mode", [0o700, 0o755], ids=["closed folder", "open folder"])
def test_a_folder_that_root_restored_is_named_with_the_command(restored, words, mode):
    restored.chmod(mode)
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER, "--newsroom", str(restored), *words],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {restored}/tamizdat.toml cannot be read. ")
    assert " belongs to root, and this process runs as nobody.\n" in done.stderr
    assert f"Give the folder to nobody, as root: `chown -hR nobody {restored}`." in done.stderr


def test_a_folder_above_the_newsroom_that_is_closed_is_named_itself(restored):
    restored.parent.chmod(0o700)
    done = subprocess.run(
        [sys.executable, "-c", AS_ANOTHER, "--newsroom", str(restored), "doctor"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert f"Let nobody through {restored.parent}, or run this as another user." in done.stderr
