"""`tamizdat build` names what it could not print, and prints all the rest."""

import json
import os

from tests.in_a_newsroom import lay_out
from tests.in_turn import CODE, in_turn

WRITTEN = """
from tests.newsdesk import NewsDesk
NewsDesk(newsroom).article("Verdict")
"""
MENDED = """
assert (newsroom.folder / "edition/current/en/index.html").exists()
(newsroom.folder / "theme/press/article.html").unlink()
"""


def test_a_page_that_fails_is_named_and_all_others_are_there(tmp_path, databases):
    folder = lay_out(tmp_path, databases)
    (folder / "theme/press").mkdir()
    (folder / "theme/press/article.html").write_text("{{ nothing.of.the.kind }}")

    written, failed, mended, done = in_turn(
        folder,
        (CODE, WRITTEN),
        ("build", "--json"),
        (CODE, MENDED),
        ("build", "--json"),
        env=os.environ | {"TAMIZDAT_ROLE": "desk"},
    )

    assert (written.returncode, mended.returncode) == (0, 0)
    assert failed.returncode == 1
    assert json.loads(failed.stdout)["failed"] == 1
    assert "cannot be printed. Readers do not have it.\n  The cause: " in failed.stderr
    assert "press/article.html:1" in failed.stderr
    assert (done.returncode, json.loads(done.stdout)["failed"]) == (0, 0)
    assert (folder / "edition/current/en/2026/11/verdict.html").exists()
