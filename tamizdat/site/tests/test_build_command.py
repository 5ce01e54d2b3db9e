"""`tamizdat build` names what it could not print, and prints all the rest."""

import json
import os
import subprocess
import sys

from tests.in_a_newsroom import ROOT, lay_out, tell
from tests.newsdesk import NewsDesk


def test_a_page_that_fails_is_named_and_all_others_are_there(tmp_path, databases):
    folder = lay_out(tmp_path, databases)
    (folder / "theme/press").mkdir()
    (folder / "theme/press/article.html").write_text("{{ nothing.of.the.kind }}")
    tell(folder, written)

    failed = build(folder, "--json")

    assert failed.returncode == 1
    assert json.loads(failed.stdout)["failed"] == 1
    assert "cannot be printed. Readers do not have it.\n  The cause: " in failed.stderr
    assert "press/article.html:1" in failed.stderr
    assert (folder / "edition/current/en/index.html").exists()

    (folder / "theme/press/article.html").unlink()
    done = build(folder, "--json")

    assert (done.returncode, json.loads(done.stdout)["failed"]) == (0, 0)
    assert (folder / "edition/current/en/2026/11/verdict.html").exists()


def written(newsroom):
    NewsDesk(newsroom).article("Verdict")


def build(folder, *words):
    return subprocess.run(
        [sys.executable, "-m", "tamizdat.site", "--newsroom", str(folder), "build", *words],
        cwd=ROOT,
        env=os.environ | {"TAMIZDAT_ROLE": "desk"},
        capture_output=True,
        text=True,
        check=False,
    )
