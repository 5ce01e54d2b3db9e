import pytest


@pytest.fixture(scope="session")
def box(tmp_path_factory, databases):
    """Counter and till, running, for all stories of the session."""
    import os
    from pathlib import Path

    from tamizdat.support.tests.box import furnish

    settings = (Path(os.environ["TAMIZDAT_NEWSROOM"]) / "tamizdat.toml").read_text()
    box = furnish(tmp_path_factory.mktemp("box") / "newsroom", settings, databases)
    try:
        box.start("till")
        box.start("counter")
        yield box
    finally:
        box.stop()
