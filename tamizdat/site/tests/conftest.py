import os
from pathlib import Path

import pytest

from tamizdat.letters.tests.conftest import (  # noqa: F401  fixtures of a newsroom with letters
    friday,
    key_folder,
    newsdesk,
    room,
)


@pytest.fixture(scope="package")
def public(tmp_path_factory, databases):
    """Counter, till and desk, running as `tamizdat serve` starts them."""
    from tamizdat.site.entry import listening
    from tamizdat.support.tests.box import furnish

    settings = (Path(os.environ["TAMIZDAT_NEWSROOM"]) / "tamizdat.toml").read_text()
    folder = tmp_path_factory.mktemp("public")
    (folder / "tmp").mkdir()
    box = furnish(folder / "newsroom", settings, databases)
    box.command = listening.command
    box.more = {"TMPDIR": str(folder / "tmp")}
    try:
        for role in ("till", "counter", "desk"):
            box.start(role)
        yield box
    finally:
        box.stop()
